import { describe, expect, it } from 'vitest';
import { decodeMarketBatch, MarketBatchBuilder, rowKind } from '../contracts/market-batch.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';
import type { AnySensor } from '../runtime/node.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeFlow, madeSource } from '../testing/made-flow.ts';
import { readArguments } from './arguments.ts';
import { command } from './bench.ts';
import { measureNodes } from './bench-nodes.ts';
import { HostDouble } from './host-double.ts';
import { splitBatch } from './split-batch.ts';

const es = findInstrument('ES');
const open = zonedToUtc('America/New_York', 20251119, '09:30');
const largeEvery = 50;

function batches(): Uint8Array[] {
  const builder = new MarketBatchBuilder('ES');
  const all: Uint8Array[] = [];
  for (let i = 0; i < 1_000; i += 1) {
    builder.trade(open + i * 100_000, 24_000 + (i % 9), i % largeEvery === 7 ? 150 : 2, 0, 0);
    if (builder.count === 250) all.push(builder.finish());
  }
  return all;
}

const tape = { batches: batches(), trades: 1_000 };

/** A second node that hears of each large lot, and notes how often its sensor was told. */
function flowOf(told: number[]): FlowGraph {
  const base = madeFlow(madeSource(async () => {}));
  const [lots] = base.nodes;
  if (!lots) throw new Error('no node');
  const sensor: AnySensor = {
    slots: ['count'],
    init: () => {},
    trade: () => {},
    event: (_s, _c, _ts, _port, payload) => {
      told.push(Number(payload['size']));
    },
  };
  const signal = largeLot.out.signal;
  const plugin = {
    ...largeLot,
    id: 'listener',
    in: { market: largeLot.in.market, signal },
    out: {},
    senses: {},
    machine: undefined,
    sensor,
  } as unknown as AnyProcessor;
  const place = lots.place;
  const wires = [
    ...lots.wires,
    {
      port: 'signal',
      kind: 'table',
      origin: { kind: 'node', node: 'lots', port: 'last' },
      late: 'take',
      place,
    } as const,
  ];
  return { ...base, nodes: [lots, { ...lots, id: 'listener', plugin, wires }] };
}

function costsOf(told: number[]) {
  let now = 0;
  const measuring = (): void => {};
  const plan = { graph: flowOf(told), instrument: es, tape, runs: 2, wholeMs: 1_000, measuring };
  return measureNodes(plan, () => (now += 1));
}

describe('the cost of nodes', () => {
  it('counts events of machines and records of ports, and explains the whole', () => {
    const { nodes, loopShare, restShare, tradesPerSecond } = costsOf([]);
    expect(nodes.map((n) => [n.node, n.events, n.records > 0])).toEqual([
      // Twenty lots and the timer after one of them.
      ['lots', 21, true],
      ['listener', 0, false],
    ]);
    expect(nodes[1]?.microsPerEvent).toBeNull();
    expect(tradesPerSecond).toBe(1_000);
    expect(loopShare + restShare + nodes.reduce((sum, n) => sum + n.share, 0)).toBeCloseTo(1, 6);
  });

  it('hands a sensor alone the records that the whole flow hands it', () => {
    const told: number[] = [];
    costsOf(told);
    const runs = 5; // watched twice, then alone three times: of each the first warms up
    expect(told.length % runs).toBe(0);
    const once = told.slice(0, told.length / runs);
    expect(once.length).toBeGreaterThan(10);
    expect(told).toEqual([...once, ...once, ...once, ...once, ...once]);
  });

  it('refuses a program without sources, as the other benchmark does', async () => {
    const host = new HostDouble(['bench']);
    await expect(command.run(host, readArguments(command, ['--nodes']))).rejects.toMatchObject({
      code: 'OF_BENCH_SOURCE',
    });
  });
});

describe('splitBatch', () => {
  it('keeps every row of every kind, in parts that end before the rows named', () => {
    const builder = new MarketBatchBuilder('ES');
    builder.trade(open, 100, 5, 1, 4);
    builder.bar(open + 1, 100, 105, 99, 101, 50, 20, 30, 101.5);
    builder.quote(open + 2, 99, 1, 101, 2);
    builder.bar(open + 3, 101, 102, 100, 100, 60, Number.NaN, Number.NaN, Number.NaN);
    builder.depth(open + 4, -1, 3, 104, 9);
    builder.heartbeat(open + 5);
    const bytes = builder.finish();
    const parts = splitBatch('ES', bytes, [0, 1, 3]);
    expect(parts.map(({ until }) => until)).toEqual([0, 1, 3, 6]);
    expect(parts[0]?.bytes).toBeNull();
    const whole = decodeMarketBatch(bytes);
    const cut = parts.flatMap((part) => (part.bytes ? [decodeMarketBatch(part.bytes)] : []));
    for (const column of ['ts', 'kind', 'side', 'flags', 'a', 'b', 'c', 'd', 'bars'] as const)
      expect(cut.flatMap((batch) => [...batch[column]])).toEqual([...whole[column]]);
    expect(whole.kind[1]).toBe(rowKind.bar);
    expect(splitBatch('ES', bytes, [])).toEqual([{ bytes, until: Infinity }]);
  });
});
