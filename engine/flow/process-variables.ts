/** Values shorter than this are looked for as a whole only: within a text they would be found everywhere. */
const leastCharactersWithin = 3;

/** Variables of the process by name, as far as a flow was filled in from them. */
export type UsedVariables = Readonly<Record<string, string>>;

/** What a compilation is handed of the process. */
interface ProcessInput {
  readonly env?: Readonly<Record<string, string | undefined>>;
  mayRead?(name: string, file: string): boolean;
}

/** The variables of the process as one compilation may read them, and which of them it did read. */
export class ProcessVariables {
  private readonly input: ProcessInput;
  private readonly read = new Map<string, string>();

  constructor(input: ProcessInput) {
    this.input = input;
  }

  /** What was read and was set. */
  get used(): UsedVariables {
    return Object.fromEntries(this.read);
  }

  /** Whether a file may read a variable; whether that is set makes no difference. */
  mayRead(name: string, file: string): boolean {
    return this.input.mayRead?.(name, file) ?? true;
  }

  /** Returns a variable, undefined when it is not set. */
  valueOf(name: string): string | undefined {
    const value = this.input.env?.[name];
    if (value !== undefined) this.read.set(name, value);
    return value;
  }
}

/** Returns the name in place of a value that came from the process, as it stands in the flow; null for any other. */
export function variableBehind(value: unknown, used: UsedVariables): string | null {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) {
      const name = variableBehind(inner, used);
      if (name !== null) return name;
    }
    return null;
  }
  const text = String(value);
  for (const [name, secret] of Object.entries(used)) {
    if (secret === '') continue;
    if (text === secret || (secret.length >= leastCharactersWithin && text.includes(secret)))
      return `\${env:${name}}`;
  }
  return null;
}

/** Returns a text with the names in place of what came from the process. */
export function withoutValues(text: string, used: UsedVariables): string {
  let hidden = text;
  for (const [name, secret] of Object.entries(used))
    if (secret.length >= leastCharactersWithin)
      hidden = hidden.replaceAll(secret, () => `\${env:${name}}`);
  return hidden;
}
