import { describe, expect, it } from 'vitest';
import { driveNode } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

type Print = readonly [side: 'buy' | 'sell', price: number, size: number];

interface Row {
  readonly price: number;
  bids: number;
  asks: number;
  bidAmount: number;
  askAmount: number;
}

/** Another project's rules, written from what it does: a check on ours and a record of where the two part. */
function freqtradeOf(
  prints: readonly Print[],
  { scale, ratio, volume, range }: Record<'scale' | 'ratio' | 'volume' | 'range', number>,
) {
  const byPrice = new Map<number, Row>();
  let delta = 0;
  const path: number[] = [];
  for (const [side, exact, size] of prints) {
    const price = Math.round(exact / scale) * scale;
    const row = byPrice.get(price) ?? { price, bids: 0, asks: 0, bidAmount: 0, askAmount: 0 };
    byPrice.set(price, row);
    row[side === 'buy' ? 'asks' : 'bids'] += 1;
    row[side === 'buy' ? 'askAmount' : 'bidAmount'] += size;
    delta += side === 'buy' ? size : -size;
    path.push(delta);
  }
  // Rows without a trade are not rows, so the diagonal skips them.
  const rows = [...byPrice.values()].sort((a, b) => a.price - b.price);
  // Counts of trades are compared, and the lower of the two rows is named.
  const flags = (of: (row: Row, above: Row) => number): boolean[] =>
    rows.map((row, i) => {
      const above = rows[i + 1];
      const isLarge = row.bidAmount + row.askAmount >= volume;
      return above !== undefined && isLarge && of(row, above) > ratio;
    });
  const runs = (marks: readonly boolean[]): number[] => {
    let run = 0;
    return marks.map((mark) => {
      run = mark ? run + 1 : 0;
      return run;
    });
  };
  const stackedAt = (marks: readonly boolean[], pick: 'first' | 'last'): number | null => {
    const long = runs(marks).flatMap((run, i) => (run >= range ? [rows[i]!.price] : []));
    return (pick === 'first' ? long[0] : long.at(-1)) ?? null;
  };
  const bid = flags((row, above) => row.bids / above.asks);
  const ask = flags((row, above) => above.asks / row.bids);
  return {
    rows,
    delta,
    minDelta: Math.min(...path),
    maxDelta: Math.max(...path),
    bidImbalances: rows.filter((_, i) => bid[i]).map(({ price }) => price),
    askImbalances: rows.filter((_, i) => ask[i]).map(({ price }) => price),
    stackedBid: stackedAt(bid, 'first'),
    stackedAsk: stackedAt(ask, 'last'),
  };
}

const times = (n: number, print: Print): Print[] => Array.from({ length: n }, () => print);

const rising: readonly Print[] = [
  ['sell', 100, 10],
  ['buy', 100.25, 3],
  ['sell', 100.25, 5],
  ...times(3, ['buy', 100.25, 3]),
  ['buy', 100.5, 3],
  ['sell', 100.5, 2],
  ...times(3, ['buy', 100.5, 3]),
  ...times(2, ['buy', 101, 3]),
  ['sell', 101, 2],
  ...times(2, ['buy', 101, 3]),
  ...times(4, ['buy', 101.25, 3]),
  ['sell', 101.25, 1],
];
const choices = { scale: 0.25, ratio: 3, volume: 5, range: 3 };

/** Our one bar of the same prints. */
function ours(prints: readonly Print[]) {
  const run = driveNode(plugin, {
    tradeDate: '2025-11-19',
    config: { barType: 'time', minVolume: 5, nearLevelTicks: null },
  });
  for (const [side, price, size] of prints) run.trade('10:00:01', price, size, side);
  run.to('10:05');
  expect(run.errors).toEqual([]);
  return run.emits.find(({ port }) => port === 'bar')!.payload as unknown as {
    readonly low: number;
    readonly delta: number;
    readonly minDelta: number;
    readonly maxDelta: number;
    readonly rows: { readonly bid: readonly number[]; readonly ask: readonly number[] };
    readonly imbalances: { readonly buy: readonly number[]; readonly sell: readonly number[] };
    readonly stacks: readonly { readonly side: string; readonly high: number }[];
  };
}

describe('the order flow of freqtrade, reproduced', () => {
  it('has known numbers on a rising tape', () => {
    expect(freqtradeOf(rising, choices)).toMatchObject({
      delta: 28,
      minDelta: -12,
      maxDelta: 29,
      bidImbalances: [],
      askImbalances: [100, 100.25, 100.5, 101],
      stackedBid: null,
      stackedAsk: 101,
    });
  });

  it('has the mirror image on a falling one: the first long row instead of the last', () => {
    const falling = rising.map(
      ([side, price, size]): Print => [side === 'buy' ? 'sell' : 'buy', 201.25 - price, size],
    );
    expect(freqtradeOf(falling, choices)).toMatchObject({
      delta: -28,
      minDelta: -29,
      maxDelta: 12,
      askImbalances: [],
      bidImbalances: [100, 100.25, 100.75, 101],
      stackedBid: 100.75,
      stackedAsk: null,
    });
  });

  it('wants more than the ratio, and a row large enough', () => {
    expect(freqtradeOf(rising, { ...choices, ratio: 4 }).askImbalances).toEqual([]);
    expect(freqtradeOf(rising, { ...choices, volume: 14 }).askImbalances).toEqual([
      100.25, 100.5, 101,
    ]);
  });
});

describe('our bar of the same prints', () => {
  it('has the same delta, its extremes and rows', () => {
    const theirs = freqtradeOf(rising, choices);
    const bar = ours(rising);
    const { delta, minDelta, maxDelta } = theirs;
    expect(bar).toMatchObject({ delta, minDelta, maxDelta });
    const traded = bar.rows.bid
      .map((bid, i) => ({
        price: bar.low + i * 0.25,
        bidAmount: bid,
        askAmount: bar.rows.ask[i]!,
      }))
      .filter(({ bidAmount, askAmount }) => bidAmount + askAmount > 0);
    expect(theirs.rows).toMatchObject(traded);
  });

  it('compares volume instead of counts, sees the untraded row, and names the upper row', () => {
    const bar = ours(rising);
    // 12 against 10 and 12 against 5 are no imbalances; above the untraded 100.75 and the 2 at 101 there are two.
    expect(bar.imbalances).toEqual({ buy: [101, 101.25], sell: [] });
    expect(bar.stacks).toEqual([]);
  });

  it('agrees on the stack where each trade is one contract and every row traded', () => {
    const even = rising
      .filter(([, price]) => price < 101)
      .map(([side, price]): Print => [side, price, 1])
      .concat(times(4, ['buy', 100.75, 1]), [['sell', 100.75, 1]]);
    const theirs = freqtradeOf(even, { ...choices, volume: 0 });
    const run = driveNode(plugin, {
      tradeDate: '2025-11-19',
      config: { barType: 'time', minVolume: 0 },
    });
    for (const [side, price, size] of even) run.trade('10:00:01', price, size, side);
    run.to('10:05');
    const { imbalances, stacks } = run.emits[0]!.payload as unknown as ReturnType<typeof ours>;
    expect(imbalances.buy.map((price) => price - 0.25)).toEqual(theirs.askImbalances);
    expect(stacks.map(({ high }) => high - 0.25)).toEqual([theirs.stackedAsk]);
  });
});
