import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const flow = resolve(import.meta.dirname, '../../flows/pro-course.flow.yaml');
const source = 'with: { seed: 7, depth: false }';
/** Enough of the first day for a session to be near; the six days of an ordinary start take too long for a test. */
const shortSource = 'with: { seed: 7, depth: false, catchUpDays: 0.66 }';

/** Writes the shipped flow with a short run-up into a folder of its own; returns the file. */
export function writeShortFlow(): string {
  const text = readFileSync(flow, 'utf8');
  if (!text.includes(source)) throw new Error(`${flow} expected '${source}'; correct this file`);
  const file = join(mkdtempSync(join(tmpdir(), 'orderflow-flow-')), 'pro-course.flow.yaml');
  writeFileSync(file, text.replace(source, shortSource));
  return file;
}
