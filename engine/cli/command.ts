import type { Arguments } from './arguments.ts';
import type { ExitCode, Host } from './host.ts';

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

/** A command of `orderflow`. */
export interface Command {
  readonly name: string;
  /** One plain sentence. */
  readonly summary: string;
  /** Its words, such as `['FLOW']`; in brackets those that may be left out, with `…` one that may repeat. */
  readonly words: readonly string[];
  readonly options: readonly Option[];
  /** Command lines with what they do; shown in help. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Left out of the program's help: it is for work on the project itself. */
  readonly isHidden?: true;
  run(host: Host, args: Arguments): Promise<ExitCode>;
}
