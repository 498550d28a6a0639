// flows/COVERAGE.md tells of the course's flow as it is now, and of no state that nothing ever reached.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunCoverage } from '#engine/inspect/run-coverage.ts';
import { root, run } from '#engine/testing/whole-flow.ts';

const page = readFileSync(join(root, 'flows', 'COVERAGE.md'), 'utf8');

/** The first cells of the rows of a table of the page, as `node name`, with the third. */
function rowsBelow(heading: string): Map<string, string> {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (node|---)/.test(line));
  return new Map(
    rows.map((row) => {
      const [node = '', name = '', count = ''] = row.slice(2).split(' | ');
      return [`${node} ${name}`, count];
    }),
  );
}

/** Reached by a staged case of flows/pro-course.test.yaml, and by ten years of bars. */
const rare = ['migration relation.today.unchanged'];

const coverage = new RunCoverage();
coverage.watch(run({ batches: [], trades: 0 }, true));
const nodes = coverage.result();

describe('the page of what the course reached', () => {
  it('has every state of the flow, each of them entered but a rare one', () => {
    const states = rowsBelow('States');
    expect([...states.keys()]).toEqual(
      nodes.flatMap(({ node, states: of }) => of.map(({ state }) => `${node} ${state}`)),
    );
    const never = [...states].filter(([, entered]) => !/^[\d,]+$/.test(entered));
    expect(never.map(([state]) => state)).toEqual(rare);
  });

  it('knows ideas of all three strategies, and orders that flickered', () => {
    const taken = rowsBelow('Transitions');
    for (const name of ['rotational', 'bullish', 'bearish'])
      expect(taken.get(`${name} weighing:always:0`), name).toMatch(/^[\d,]+$/);
    expect(taken.get('book (root):flicker:0')).toMatch(/^[\d,]+$/);
  });
});
