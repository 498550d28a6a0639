/** Topic of what operators ask for: one partition per instrument, kept for ever. */
export const commandTopic = 'control.commands';
/** Schema id of an operator's command. */
export const commandSchema = 'operator-command/1';

/** What an operator asked for, and what came of it. */
export interface OperatorCommand {
  /** Event time in microseconds: where the market stood, so that a flow that reads the topic keeps its time. */
  readonly ts: number;
  /** Wall clock in microseconds since 1970. */
  readonly at: number;
  /** The same in the records of all instruments that the command was about. */
  readonly id: string;
  /** Such as `market.pause` or `flow.deploy`. */
  readonly command: string;
  /** Who: a role and an address of the web app, or a user of the shell. */
  readonly actor: string;
  readonly outcome: 'done' | 'refused';
  /** Why it was refused; null when it was done. */
  readonly reason: string | null;
  /** What it was asked with, such as `{ "pace": 10 }`. */
  readonly asked: Readonly<Record<string, unknown>>;
}
