import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const flow = resolve(import.meta.dirname, '../../flows/pro-course.flow.yaml');
const source = 'with: { seed: 7, depth: false }';
/** Enough of the first day for a session to be near; the six days of an ordinary start take too long for a test. */
const shortSource = 'with: { seed: 7, depth: false, catchUpDays: 0.66 }';

/** Writes the shipped flow with another source into a folder of its own; returns the file. */
function writeFlow(replacements: Readonly<Record<string, string>>): string {
  let text = readFileSync(flow, 'utf8');
  for (const [from, to] of Object.entries(replacements)) {
    if (!text.includes(from)) throw new Error(`${flow} expected '${from}'; correct this file`);
    text = text.replace(from, to);
  }
  const file = join(mkdtempSync(join(tmpdir(), 'orderflow-flow-')), 'pro-course.flow.yaml');
  writeFileSync(file, text);
  return file;
}

/** Writes the shipped flow with a short run-up; returns the file. */
export function writeShortFlow(): string {
  return writeFlow({ [source]: shortSource });
}

/**
 * Writes the shipped flow over a market of so many rows a second (`load-market/`, `load-replay/`); returns the file.
 *
 * @param instruments - As the flow lists them.
 */
export function writeLoadFlow(
  settings: Readonly<Record<string, unknown>>,
  instruments = 'ES',
  plugin = 'load-market',
): string {
  return writeFlow({
    'instruments: [ES]': `instruments: [${instruments}]`,
    'use: simulator@^1': `use: ${plugin}@^1`,
    [source]: `with: ${JSON.stringify(settings)}`,
  });
}
