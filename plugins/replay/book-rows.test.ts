import { afterAll, describe, expect, it } from 'vitest';
import { parseUtc } from '#engine';
import { bookLine, fileFolder, headers, refusalOf, runReplay } from './replay-fixture.ts';

const folder = fileFolder();
afterAll(() => folder.remove());

/** Wednesday 2025-11-19, 09:30 New York. */
const open = parseUtc('2025-11-19T14:30:00Z');
const at = (micros: number): string => `${open + micros}789`;
const file = (name: string, lines: readonly string[], header = headers.book): string =>
  folder.file(name, `${[header, ...lines].join('\n')}\n`);
const second = 1_000_000;

describe('rows of a book', () => {
  it('become a reset and all levels first, then what changed', async () => {
    const lines = [
      bookLine(
        at(0),
        [
          [100, 5],
          [99.75, 7],
        ],
        [[100.25, 3]],
      ),
      bookLine(
        at(1),
        [
          [100, 5],
          [99.75, 6],
        ],
        [[100.25, 3]],
      ),
      bookLine(
        at(2),
        [[99.75, 6]],
        [
          [100.25, 3],
          [100.5, 9],
        ],
      ),
      bookLine(
        at(3),
        [[99.75, 6]],
        [
          [100.25, 3],
          [100.5, 9],
        ],
      ),
      bookLine(
        at(second + 2),
        [[99.75, 6]],
        [
          [100.25, 3],
          [100.5, 9],
        ],
      ),
    ];
    const run = await runReplay({ files: [file('book.csv', lines)] }, { epoch: open });
    expect(run.error).toBeNull();
    expect(run.rows.slice(0, -1)).toEqual([
      'depth 0 0 -1 0 0',
      'quote 0 400 5 401 3',
      'depth 0 1 0 400 5',
      'depth 0 -1 0 401 3',
      'depth 0 1 1 399 7',
      'depth 1 1 1 399 6',
      'quote 2 399 6 401 3',
      'depth 2 1 0 399 6',
      'depth 2 1 1 399 0',
      'depth 2 -1 1 402 9',
      `quote ${second + 2} 399 6 401 3`,
    ]);
  });

  it('without a side, or crossed, leave no quote that a rule could use', async () => {
    const lines = [
      bookLine(at(0), [[100, 5]], []),
      bookLine(at(1), [], [[100.25, 3]]),
      bookLine(at(2), [], []),
      bookLine(at(3), [[101, 5]], [[100.25, 3]]),
    ];
    const run = await runReplay({ files: [file('sides.csv', lines)] }, { epoch: open });
    const quotes = run.rows.filter((row) => row.startsWith('quote'));
    expect(quotes).toEqual([
      'quote 0 400 5 400 0',
      'quote 1 401 0 401 3',
      'quote 2 0 0 0 0',
      'quote 3 404 5 401 3',
    ]);
    expect(run.rows).toContain('depth 1 1 0 400 0');
  });

  it('come after trades of the same time, whatever the order of the files', async () => {
    const book = file('after.csv', [
      bookLine(at(0), [[100, 5]], [[100.25, 3]]),
      bookLine(at(5), [[100, 4]], [[100.25, 3]]),
    ]);
    const trades = file('trades.csv', [`${at(5)},100,1,S,,`, `${at(5)},100,2,S,,`], headers.trades);
    for (const files of [
      [book, trades],
      [trades, book],
    ]) {
      const run = await runReplay({ files }, { epoch: open });
      expect(run.error).toBeNull();
      expect(run.rows.slice(-5, -1)).toEqual([
        'trade 5 400 1 -1 0',
        'trade 5 400 2 -1 0',
        'quote 5 400 4 401 3',
        'depth 5 1 0 400 4',
      ]);
    }
  });

  it('are the same market twice when two files hold them', async () => {
    const lines = Array.from({ length: 12 }, (_, i) =>
      bookLine(at(i), [[100, i + 1]], [[100.25, 3]]),
    );
    const files = [file('one.csv', lines), file('two.csv', lines)];
    const run = await runReplay({ files });
    expect(String(run.error)).toContain('OF_REPLAY_OVERLAP');
  });

  const good = bookLine(
    at(0),
    [
      [100, 5],
      [99.75, 7],
    ],
    [[100.25, 3]],
  );
  const cases: readonly (readonly [name: string, row: string, said: string])[] = [
    [
      'a price without a size',
      good.replace('99.75,7,1', '99.75,,'),
      "OF_REPLAY_ROW f.csv:3: row contradicts itself: expected price and size of a level both or neither, was price '99.75', size ''",
    ],
    ['a price of size 0', good.replace('99.75,7,1', '99.75,0,0'), "was price '99.75', size '0'"],
    ['a size without a price', good.replace('99.75,7,1', ',7,1'), "was price '', size '7'"],
    [
      'a bid above the one before it',
      good.replace('99.75,7', '100.25,7'),
      "expected each level behind the one before it, was '100.25' after '100'",
    ],
    [
      'a price twice',
      good.replace('99.75,7', '100,7'),
      "expected each level behind the one before it, was '100' after '100'",
    ],
    [
      'a level behind an empty one',
      bookLine(at(0), [[100, 5], null, [99.5, 1]], []),
      "was '99.5' after ''",
    ],
    [
      'an ask below the one before it',
      bookLine(
        at(0),
        [],
        [
          [100, 5],
          [99.75, 1],
        ],
      ),
      "was '99.75' after '100'",
    ],
    [
      'off the grid',
      good.replace('99.75', '99.7'),
      "OF_PRICE_OFF_GRID f.csv:3: price of 'ES' expected a multiple of 0.25, was 99.7",
    ],
    [
      'a count with a letter',
      good.replace('99.75,7,1', '99.75,7,x'),
      "OF_REPLAY_FIELD f.csv:3: 'bid_ct_01' expected a whole number",
    ],
    [
      'a column too few',
      good.slice(0, good.lastIndexOf(',')),
      'OF_REPLAY_COLUMNS f.csv:3: row expected 61 columns (ts_ns,bid_px_00,',
    ],
  ];
  it.each(cases)('that cannot be true are refused: %s', async (_, row, said) => {
    const text = await refusalOf(folder, 'f.csv', `${headers.book}\n${good}\n${row}\n`);
    expect(text).toContain(said);
  });
});
