import { randomUUID } from 'node:crypto';
import {
  commandSchema,
  commandTopic,
  type OperatorCommand,
} from '../contracts/operator-command.ts';
import type { FlowGraph } from '../flow/graph.ts';
import type { Log } from '../runtime/ports.ts';

/** A command as the one who carries it out tells of it. */
export type GivenCommand = Pick<OperatorCommand, 'command' | 'actor' | 'asked'> & {
  /** Why it was refused; left out when it was done. */
  readonly reason?: string;
};

/** When a command was given. */
export interface CommandTime {
  /** Wall clock in microseconds since 1970. */
  readonly at: number;
  /** Returns where the market of an instrument stands, microseconds; 0 before its first record. */
  readonly eventTimeOf: (symbol: string) => number;
}

/** Appends a command to the topic of commands, for each instrument of a flow. */
export async function auditCommand(
  log: Log,
  { instruments }: Pick<FlowGraph, 'instruments'>,
  given: GivenCommand,
  { at, eventTimeOf }: CommandTime,
): Promise<void> {
  const { command, actor, asked, reason = null } = given;
  const id = randomUUID();
  const outcome = reason === null ? 'done' : 'refused';
  for (const { symbol, number } of instruments) {
    // Without a market yet there is no other time.
    const ts = eventTimeOf(symbol) || at;
    const record: OperatorCommand = { ts, at, id, command, actor, outcome, reason, asked };
    const value = JSON.stringify(record);
    await log.append(number, [
      { topic: commandTopic, key: symbol, ts, schema: commandSchema, value },
    ]);
  }
}

/** Returns who works in the shell of a process. */
export function shellActor(env: Readonly<Record<string, string | undefined>>): string {
  return `shell ${env['USER'] ?? env['LOGNAME'] ?? 'of an unnamed user'}`;
}
