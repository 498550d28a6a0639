import { parseArgs } from 'node:util';
import { OrderflowError } from '../errors.ts';
import { nearestName } from '../plugin/nearest.ts';

/** An option of a command. */
export interface Option {
  readonly name: string;
  /** What stands after it in help, such as `FILE`; without it the option is a switch. */
  readonly value?: string;
  /** Takes every word up to the next option; words that end in `.yaml` or `.yml` are left to the command. */
  readonly list?: boolean;
  /** May be given more than once. */
  readonly repeated?: boolean;
  readonly summary: string;
}

/** What a command line of a command may hold. */
export interface CommandWords {
  readonly name: string;
  /** Its words, such as `['FLOW']`; in brackets those that may be left out, with `…` one that may repeat. */
  readonly words: readonly string[];
  readonly options: readonly Option[];
}

/** Options every command has. */
export const commonOptions: readonly Option[] = [{ name: 'help', summary: 'Show this help' }];

const yamlName = /\.ya?ml$/;

/** The words of a command line, read by the options of its command. */
export class Arguments {
  readonly command: string;
  /** Words that are no option and no value of one. */
  readonly words: readonly string[];
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(
    command: string,
    words: readonly string[],
    values: ReadonlyMap<string, readonly string[]>,
  ) {
    this.command = command;
    this.words = words;
    this.values = values;
  }

  /** Returns whether an option is there. */
  has(option: string): boolean {
    return this.values.has(option);
  }

  /** Returns the last value of an option, null without it. */
  text(option: string): string | null {
    return this.values.get(option)?.at(-1) ?? null;
  }

  /** Returns all values of an option. */
  all(option: string): readonly string[] {
    return this.values.get(option) ?? [];
  }

  /**
   * Returns the value of an option that must be one of `choices`, the first of them without the option.
   *
   * @throws {OF_CLI_VALUE} when it is none of them.
   */
  choice<const T extends string>(option: string, choices: readonly [T, ...T[]]): T {
    const text = this.text(option);
    if (text === null) return choices[0];
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw this.refuse(`--${option}`, choices.join(' or '), text);
    return found;
  }

  /**
   * Returns the value of an option as a number, null without it.
   *
   * @throws {OF_CLI_VALUE} when it is no number, or below `least`.
   */
  number(option: string, least: number): number | null {
    const text = this.text(option);
    if (text === null) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least) {
      throw this.refuse(`--${option}`, `a number of at least ${least}`, text);
    }
    return value;
  }

  /** Returns the error of a value that cannot be used. */
  refuse(option: string, expected: string, was: string): OrderflowError {
    return new OrderflowError('OF_CLI_VALUE', { command: this.command, option, expected, was });
  }
}

/** Writes the nearest known name as part of a message; nothing where no name is like it. */
export function nearestText(nearest: string | null): string {
  return nearest === null ? '' : `; nearest: '${nearest}'`;
}

/** Returns the shortest and the largest number of words a command takes. */
function wordLimits(words: readonly string[]): { least: number; most: number } {
  const least = words.filter((word) => !word.startsWith('[')).length;
  return { least, most: words.some((word) => word.includes('…')) ? Infinity : words.length };
}

/** Collects tokens into words and values. */
class Collector {
  readonly words: string[] = [];
  readonly values = new Map<string, string[]>();
  private readonly command: CommandWords;
  private readonly options: ReadonlyMap<string, Option>;
  /** The list option that takes the words that follow. */
  private open: string[] | null = null;

  constructor(command: CommandWords) {
    this.command = command;
    this.options = new Map(
      [...command.options, ...commonOptions].map((option) => [option.name, option]),
    );
  }

  word(text: string): void {
    if (this.open && !yamlName.test(text)) this.open.push(text);
    else this.words.push(text);
  }

  option(name: string, rawName: string, value: string | undefined): void {
    const option = this.options.get(name) ?? this.unknown(name, rawName);
    this.checkValue(option, rawName, value);
    const values = this.values.get(name) ?? [];
    this.values.set(name, values);
    if (value !== undefined) values.push(value);
    const takesMany = option.list === true || option.repeated === true;
    if (values.length > 1 && !takesMany)
      throw this.refuse(rawName, 'one value', values.join("' and '"));
    this.open = option.list === true ? values : null;
  }

  private checkValue(option: Option, rawName: string, value: string | undefined): void {
    const expected = option.value;
    if (expected === undefined) {
      if (value !== undefined) throw this.refuse(rawName, 'no value', value);
      return;
    }
    // `--data --json`: the value was forgotten, and the option after it would be lost.
    const isForgotten = value?.startsWith('--') === true && this.options.has(value.slice(2));
    if (value === undefined || isForgotten)
      throw this.refuse(rawName, expected, value ?? 'nothing');
  }

  private unknown(name: string, rawName: string): never {
    const nearest = nearestName(name, this.options.keys());
    throw new OrderflowError('OF_CLI_OPTION', {
      command: this.command.name,
      option: rawName,
      nearest: nearestText(nearest === null ? null : `--${nearest}`),
    });
  }

  private refuse(option: string, expected: string, was: string): OrderflowError {
    return new OrderflowError('OF_CLI_VALUE', {
      command: this.command.name,
      option,
      expected,
      was,
    });
  }
}

/**
 * Reads the words after a command's name.
 *
 * @throws {OF_CLI_OPTION} when the command has no such option.
 * @throws {OF_CLI_VALUE} when an option lacks its value, or has one too many.
 * @throws {OF_CLI_ARGUMENTS} when there are too few or too many words; never when help is asked for.
 */
export function readArguments(command: CommandWords, words: readonly string[]): Arguments {
  const options = Object.fromEntries(
    [...command.options, ...commonOptions].map(({ name, value }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...words],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const collector = new Collector(command);
  for (const token of tokens) {
    if (token.kind === 'positional') collector.word(token.value);
    else if (token.kind === 'option') collector.option(token.name, token.rawName, token.value);
  }
  const args = new Arguments(command.name, collector.words, collector.values);
  const { least, most } = wordLimits(command.words);
  const count = args.words.length;
  if (!args.has('help') && (count < least || count > most)) {
    const expected = command.words.length === 0 ? 'no word after it' : command.words.join(' ');
    throw new OrderflowError('OF_CLI_ARGUMENTS', {
      command: command.name,
      expected,
      was: count === 0 ? 'nothing' : `'${args.words.join(' ')}'`,
    });
  }
  return args;
}
