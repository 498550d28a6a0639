import { expect } from 'vitest';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import { type DriveOptions, driveNode, type NodeRun } from './node-run.ts';

type Row = Readonly<Record<string, unknown>>;

interface ScenarioRow {
  readonly line: number;
  readonly at: string;
  readonly event: string;
  readonly payload: Row;
  readonly state: string;
  readonly emits: { readonly port: string; readonly fields: Row } | null;
}

function valueOf(text: string): unknown {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^[[{]/.test(text)) return JSON.parse(text);
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function fieldsOf(words: readonly string[]): Row {
  return Object.fromEntries(
    words.map((word) => {
      const eq = word.indexOf('=');
      return [word.slice(0, eq), valueOf(word.slice(eq + 1))];
    }),
  );
}

/** Columns are separated by two or more spaces; the first row is the heading. */
function parseTable(table: string): ScenarioRow[] {
  const lines = table.split('\n').map((text, i) => ({ text: text.trim(), line: i + 1 }));
  return lines
    .filter(({ text }) => text !== '' && !/^at\s+event\s/.test(text))
    .map(({ text, line }) => {
      const [at = '', event = '', state = '', emits = '-'] = text.split(/\s{2,}/);
      const [name = '', ...fields] = event.split(' ');
      const [port = '-', ...expected] = emits.split(' ');
      return {
        line,
        at,
        event: name,
        payload: fieldsOf(fields),
        state,
        emits: port === '-' ? null : { port, fields: fieldsOf(expected) },
      };
    });
}

function send(run: NodeRun, row: ScenarioRow): void {
  run.to(row.at);
  const node = run.task.nodes[0];
  if (!node) return;
  if (row.event === '-') return;
  run.task.queue.push({ node, kind: 'sense', port: row.event, payload: row.payload });
  run.to(row.at);
}

/**
 * Runs a table of events against a plugin's machine and checks state and emits after each row.
 *
 * Columns `at event state emits`, two spaces or more between them. `event` is a sense or in-port with raw fields
 * (`period close=21990`; an object or array as JSON without spaces), `-` only lets time pass. `emits` is a port with the fields to check (raw), or `-` for none.
 */
export function scenario(
  plugin: AnyProcessor | object,
  table: string,
  options: Partial<DriveOptions> = {},
): void {
  const run = driveNode(plugin, { tradeDate: '2025-11-19', ...options });
  const raw: { port: string; payload: Row }[] = [];
  run.task.output.listener = (_node, port, _ts, payload) => raw.push({ port, payload });
  for (const row of parseTable(table)) {
    raw.length = 0;
    send(run, row);
    const where = `row ${row.line}: ${row.at} ${row.event}`;
    expect(run.state, `${where}: state`).toBe(row.state);
    if (!row.emits) {
      expect(raw, `${where}: emits nothing`).toEqual([]);
      continue;
    }
    const { port, fields } = row.emits;
    const match = raw.find((emitted) => emitted.port === port);
    expect(match?.payload, `${where}: emits ${port}`).toMatchObject(fields);
  }
}
