import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlowInput } from './flow-input.ts';
import type { Lint } from './graph.ts';
import { lintLock } from './lint-lock.ts';
import { lintPluginSource } from './lint-plugin-source.ts';
import { lintTable } from './lint-table.ts';
import { compileWithDoubles } from './plugin-doubles.ts';

// Each file holds one mistake and says in its first line which code it gives, and where. A second comment may hold the
// plugins that wrote the state the flow would go on from, or a flows.lock. A file that is no flow holds the source of a
// plugin; a *.test.yaml is a flow test, read by engine/inspect.
const folder = join(import.meta.dirname, '../../flows/invalid');
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const compiled = files.filter((file) => !file.endsWith('.test.yaml'));

function lintsOf(file: string, text: string): readonly Lint[] {
  const source = /^source: \|\n([\s\S]*)/m.exec(text)?.[1];
  if (source !== undefined) {
    const above = text.slice(0, text.length - source.length).split('\n').length - 1;
    const code = source.replace(/^ {2}/gm, '');
    return lintPluginSource(file, code).map((lint) => ({
      ...lint,
      line: lint.line + above,
      col: lint.col + 2,
    }));
  }
  const previous = /^# previous: (.*)$/m.exec(text)?.[1];
  const more =
    previous === undefined
      ? {}
      : { previous: JSON.parse(previous) as NonNullable<FlowInput['previous']> };
  const { graph, lints } = compileWithDoubles(text, { file, ...more });
  const lock = /^# lock: (.*)$/m.exec(text)?.[1];
  return lock === undefined || !graph ? lints : [...lints, ...lintLock(graph, lock)];
}

describe('flows/invalid', () => {
  test.each(compiled)('%s gives the one lint it names', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const expected = /^# expect: (WF\d{3}) (\d+:\d+)\n/.exec(text);
    const found = lintsOf(file, text).map(({ code, line, col }) => `${code} ${line}:${col}`);
    expect(found).toEqual([`${expected?.[1]} ${expected?.[2]}`]);
  });

  test('every code has a file', () => {
    const shown = new Set(
      files.map(
        (file) => /^# expect: (WF\d{3})/.exec(readFileSync(join(folder, file), 'utf8'))?.[1],
      ),
    );
    expect(Object.keys(lintTable).filter((code) => !shown.has(code))).toEqual([]);
  });
});
