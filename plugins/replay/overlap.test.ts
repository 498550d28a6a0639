import { afterAll, describe, expect, it } from 'vitest';
import { fileFolder, headers, refusal, refusalOf, runReplay } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

/** 2025-11-19 09:30 New York. */
const open = 1_763_562_600;
const trade = (second: number, price = 6_700): string => `${open + second}000000000,${price},8,B,,`;
const bar = (minute: number): string =>
  `${open + minute * 60}000000000,6700,6701,6699,6700,10,,,,,`;
const cell = (minute: number): string => `${open + minute * 60}000000000,6700,3,1,2,1`;

function file(name: string, format: keyof typeof headers, rows: readonly string[]): string {
  return folder.file(name, `${[headers[format], ...rows].join('\n')}\n`);
}

const count = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

describe('files that hold the same part of the market are refused', () => {
  it('tells of prints that two files share, after the rows that only one has', async () => {
    const first = file(
      'first.csv',
      'trades',
      count(40).map((s) => trade(s)),
    );
    const second = file(
      'second.csv',
      'trades',
      count(40, 20).map((s) => trade(s)),
    );
    const { said, rows } = await refusal({ files: [first, second] });
    expect(said).toMatch(
      /^OF_REPLAY_OVERLAP .*first\.csv' and '.*second\.csv' .* at 2025-11-19T14:30:28/,
    );
    expect(rows.length).toBeGreaterThanOrEqual(20);
  });

  it('tells of a copy under another name', async () => {
    const rows = count(20).map((s) => trade(s));
    const { said } = await refusal({
      files: [file('a.csv', 'trades', rows), file('copy.csv', 'trades', rows)],
    });
    expect(said).toMatch(/^OF_REPLAY_OVERLAP /);
  });

  it.each([
    ['bars', 'bars', bar, bar],
    ['a footprint', 'footprint', bar, cell],
    ['trades', 'trades', bar, (minute: number) => trade(minute * 60 + 5)],
  ] as const)('tells of bars beside %s of the same time', async (_name, format, one, other) => {
    const { said } = await refusal({
      files: [
        file('bars.csv', 'bars', count(5).map(one)),
        file('other.csv', format, count(5).map(other)),
      ],
    });
    expect(said).toMatch(/^OF_REPLAY_OVERLAP /);
  });

  it('merges files that share times but not rows, and files that follow one another', async () => {
    const odd = file(
      'buys.csv',
      'trades',
      count(40).map((s) => trade(s)),
    );
    const even = file(
      'others.csv',
      'trades',
      count(40).map((s) => trade(s, 6_701)),
    );
    const later = file('later.csv', 'bars', count(5, 10).map(bar));
    const run = await runReplay({ files: [later, odd, even] });
    expect(run.error).toBeNull();
    expect(run.rows).toHaveLength(86);
  });
});

describe('rows that cannot be there twice', () => {
  it('refuses two bars of one start', async () => {
    const text = [headers.bars, bar(0), bar(1), bar(1)].join('\n');
    expect(await refusalOf(folder, 'f.csv', text)).toBe(
      'OF_REPLAY_ROW f.csv:4: row contradicts itself: expected one bar for each start, was the start of the bar before; correct the row',
    );
  });

  it('refuses a price that stands twice in one footprint minute', async () => {
    const text = [headers.footprint, cell(0), cell(0)].join('\n');
    expect(await refusalOf(folder, 'f.csv', text)).toMatch(
      /^OF_REPLAY_ROW f\.csv:3: .*each price of a minute once, was '6700' twice/,
    );
  });
});

describe('prices at or below zero', () => {
  const rows = `${headers.trades}\n${trade(0, 10)}\n${trade(1, -37.5)}\n`;

  it.each(['0', '-6700.25'])('refuses %s for an index', async (price) => {
    const text = `${headers.trades}\n${trade(0)}\n${open}000000000,${price},8,B,,\n`;
    expect(await refusalOf(folder, 'f.csv', text)).toMatch(
      /^OF_REPLAY_FIELD f\.csv:3: 'price' expected a price above zero \(ES has no other/,
    );
  });

  it('takes them for crude oil, which has settled there', async () => {
    const run = await runReplay({ files: [folder.file('cl.csv', rows)] }, { instrument: 'CL' });
    expect(run.error).toBeNull();
    expect(run.rows[1]).toMatch(/ -3750 /);
  });
});
