import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { GraphSource } from '../flow/graph.ts';
import { MarketBatchBuilder } from '../index.ts';
import { findInstrument } from '../market/instrument.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import type { Log } from '../runtime/ports.ts';
import { Backlog } from '../runtime/source-host.ts';
import { MarketControl } from './market-control.ts';

const ES = findInstrument('ES');
const second = 1_000_000;
const begin = 1_763_994_600 * second;

/** A log that keeps what was appended, and what a source left beside it. */
class LogDouble {
  readonly times: number[] = [];
  resume: string | null = null;

  log(): Log {
    const absent = (): never => {
      throw new Error('not used');
    };
    return {
      kind: 'memory',
      logId: 'double',
      append: async (_, records, resume) => {
        this.times.push(...records.map(({ ts }) => ts));
        this.resume = resume?.value ?? null;
        await Promise.resolve();
      },
      resumeOf: () => Promise.resolve(this.resume),
      end: () => Promise.resolve(this.times.length),
      openTask: absent,
      read: absent,
      topics: absent,
      trim: absent,
      close: () => Promise.resolve(),
    };
  }
}

/** A source of one trade a second; it tells the paces it was opened with, and rests where its pace is a number. */
function tickingSource(paces: (number | string)[], last: number): GraphSource {
  const plugin = definePlugin({
    id: 'ticking',
    kind: 'source',
    version: '1.0.0',
    api: 1,
    summary: 'One trade a second',
    needs: [],
    in: {},
    config: z.object({ pace: z.union([z.number(), z.literal('max')]).default('max') }),
    out: { market: { kind: 'market', takes: ['trade'] } },
    examples: [{ title: 'ticks', yaml: 'use: ticking@^1\n', feed: '', expect: '' }],
    open: async (a) => {
      const { config, instrument, resume, signal } = a;
      paces.push(config.pace);
      for (let at = Number(resume ?? 0); at < last && !signal.aborted; at += 1) {
        const builder = new MarketBatchBuilder(instrument.symbol);
        builder.trade(begin + at * second, 24_000, 1, 1, 0);
        await a.write(builder.finish(), String(at + 1));
        if (config.pace !== 'max') await new Promise((resolve) => setImmediate(resolve));
      }
    },
  });
  return { id: 'market', plugin, config: { pace: 60 } } as unknown as GraphSource;
}

function start(last: number, control = new MarketControl(() => 0), instrument = ES) {
  const double = new LogDouble();
  const paces: (number | string)[] = [];
  const stop = new AbortController();
  const ended = control.run({
    log: double.log(),
    source: tickingSource(paces, last),
    instrument,
    backlog: new Backlog(0, 0, Infinity),
    signal: stop.signal,
  });
  return { double, paces, control, stop, ended };
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('the control of a market', () => {
  it('changes the pace without losing or doubling a record', async () => {
    const { double, paces, control, ended } = start(200);
    await turns(5);
    control.setPace(600);
    await turns(5);
    control.setPace(10);
    await ended;
    expect(paces).toEqual([60, 600, 10]);
    expect(double.times).toEqual(Array.from({ length: 200 }, (_, i) => begin + i * second));
    expect(control.state().state).toBe('ended');
  });

  it('writes nothing while it is paused', async () => {
    const { double, control, stop, ended } = start(100_000);
    await turns(3);
    control.pause();
    await turns(5);
    const held = double.times.length;
    await turns(20);
    expect(double.times.length).toBe(held);
    expect(control.state()).toMatchObject({ state: 'paused', canPace: true, pace: 60 });
    control.resume();
    await turns(5);
    expect(double.times.length).toBeGreaterThan(held);
    stop.abort();
    await ended;
  });

  it('jumps to the first record at or after a moment and goes on at its pace', async () => {
    const { double, paces, control, stop, ended } = start(100_000);
    await turns(3);
    control.jumpTo(begin + 5_000 * second + 1);
    await turns(4);
    expect(control.state().jumpingTo).toBeNull();
    expect(paces).toEqual([60, 'max', 60]);
    expect(double.times.filter((ts) => ts < begin + 5_001 * second).length).toBe(5_001);
    stop.abort();
    await ended;
    expect(double.times.length).toBeLessThan(5_100);
  });

  it('lets each instrument arrive by itself, and tells of each how it is', async () => {
    const es = start(100_000);
    await turns(200);
    const nq = start(3_000, es.control, findInstrument('NQ'));
    await turns(3);
    es.control.jumpTo(begin + 2_000 * second);
    expect(es.control.state('ES').jumpingTo).toBe(begin + 2_000 * second);
    await turns(8);
    for (const { paces, double } of [es, nq]) {
      expect(paces).toEqual([60, 'max', 60]);
      expect(double.times.length).toBeGreaterThan(2_000);
      expect(double.times.length).toBeLessThan(2_100);
    }
    es.control.jumpTo(begin + 50_000 * second);
    await nq.ended;
    expect(es.control.state('NQ')).toMatchObject({ state: 'ended', jumpingTo: null });
    expect(es.control.state('ES')).toMatchObject({ state: 'running' });
    expect(es.control.state('MES')).toMatchObject({ state: 'starting', ageMs: null });
    es.stop.abort();
    await es.ended;
  });

  it('ends when it is asked to while it is paused', async () => {
    const { control, stop, ended } = start(100_000);
    control.pause();
    await turns(5);
    stop.abort();
    await expect(ended).resolves.toBeUndefined();
  });
});
