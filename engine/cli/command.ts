import type { Arguments, CommandWords } from './arguments.ts';
import type { ExitCode, Host } from './host.ts';

/** A command of `orderflow`. */
export interface Command extends CommandWords {
  /** One plain sentence. */
  readonly summary: string;
  /** Command lines with what they do; shown in help. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Left out of the program's help: it is for work on the project itself. */
  readonly isHidden?: true;
  run(host: Host, args: Arguments): Promise<ExitCode>;
}
