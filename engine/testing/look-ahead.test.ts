import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { marketTopic } from '../contracts/market-batch.ts';
import { contracts, price } from '../contracts/units.ts';
import { definePlugin } from '../plugin/define-plugin.ts';
import { largeLot } from './large-lot.ts';
import { lookAheadSeed, lookAheads } from './look-ahead.ts';
import { driveNode, type NodeRun } from './node-run.ts';

const seed = 60;
const options = { tradeDate: '2025-11-19' };
const big = z.object({ price: price(), size: contracts() });

/** Tells of each trade what `next` says of the one after it. */
function teller(next: (number: number, price: number) => number) {
  return definePlugin({
    id: 'teller',
    version: '1.0.0',
    api: 1,
    summary: 'Made',
    config: z.object({}),
    in: {
      market: { kind: 'market', takes: ['trade', 'bar', 'depth', 'quote'] },
      level: { kind: 'event', schema: z.object({ price: price() }), optional: true },
    },
    out: { told: { kind: 'event', schema: big } },
    senses: { told: { kind: 'event', schema: big } },
    sensor: {
      slots: ['number'],
      init: (s) => s.f.fill(0),
      trade(s, _c, _ts, p, size, _side, _flags, out) {
        s.f[0] = (s.f[0] ?? 0) + 1;
        out('told', { price: next(s.f[0], p), size });
      },
      bar(s, _c, _ts, _o, _h, _l, close, _v, _b, _a, _w, out) {
        s.f[0] = (s.f[0] ?? 0) + 1;
        out('told', { price: next(s.f[0], close), size: 1 });
      },
      event(_s, _c, _ts, _port, payload, out) {
        out('told', { price: Number(payload['price']), size: 0 });
      },
    },
    examples: [],
  });
}

/** Remembers all prices of its last run outside its slots, and with that knows the next one. */
function peeker() {
  const seen = new Map<number, number>();
  return teller((number, p) => {
    const next = seen.get(number + 1) ?? 0;
    seen.set(number, p);
    return next;
  });
}

/** Remembers the last prices only, as a plugin may. */
const honest = teller((_number, p) => p);

function drive(run: NodeRun): void {
  for (let i = 0; i < 60; i += 1) {
    const at = `10:${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '05' : '35'}`;
    run.trade(at, 5000 + (i % 7) / 4, 1 + i, i % 3 === 0 ? 'buy' : 'none');
    if (i % 10 === 3) run.quote(`${at}.5`, 5000, 10, 5000.25, 12);
    if (i % 10 === 4) run.event(`${at}.5`, 'level', { price: 5000 + i });
    if (i % 10 === 5) run.depth(`${at}.5`, 'bid', 1, 4999.75, 40);
    const bar = { open: 5000, high: 5001, low: 4999, close: 5000.5, volume: 10 };
    if (i % 10 === 6) run.bar(`${at}.5`, bar);
    if (i % 10 === 7) run.to(`${at}.5`);
  }
}

function lookedAhead(plugin: object): number {
  const whole = driveNode(plugin, options);
  drive(whole);
  const all = lookAheads(plugin, options, whole, seed);
  expect(all).toHaveLength(6);
  return all.filter(({ expected, was }) => expected.join('\n') !== was.join('\n')).length;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the seed of the cuts', () => {
  it('is always the same, unless the environment names another', () => {
    vi.stubEnv('LOOK_AHEAD_SEED', undefined);
    expect(lookAheadSeed()).toBe(lookAheadSeed());
    vi.stubEnv('LOOK_AHEAD_SEED', '17');
    expect(lookAheadSeed()).toBe(17);
  });

  it('decides where they are, and is told with each of them', () => {
    const whole = driveNode(honest, options);
    drive(whole);
    const places = (of: number): string[] =>
      lookAheads(honest, options, whole, of).map(({ after }) => after);
    expect(places(1)).toEqual(places(1));
    expect(places(1)[0]).toMatch(/^LOOK_AHEAD_SEED=1: noise after input/);
    const bare = (of: number): string[] => places(of).map((text) => text.split(': ')[1] ?? '');
    expect(bare(1)).not.toEqual(bare(2));
  });
});

describe('the test for looking ahead', () => {
  it('passes a plugin that knows the past only', () => {
    expect(lookedAhead(honest)).toBe(0);
  });

  it('finds a plugin that knows what comes next', () => {
    expect(lookedAhead(peeker())).toBe(6);
  });

  it('compares something, and cuts inside batches of several rows', () => {
    const whole = driveNode(honest, options);
    drive(whole);
    const all = lookAheads(honest, options, whole, seed);
    expect(all.every(({ expected }) => expected.length > 0)).toBe(true);
    const places = all.map(({ expected }) => expected.at(-1) ?? '');
    expect(new Set(places).size).toBeGreaterThan(3);
  });

  it('sees what a machine does as well: journal, timers, probes', () => {
    const run = driveNode(largeLot, options);
    for (let i = 0; i < 40; i += 1)
      run.trade(`10:${String(i).padStart(2, '0')}`, 5000, i % 5 === 0 ? 200 + i : 3);
    const all = lookAheads(largeLot, options, run, seed);
    expect(all.map(({ was }) => was)).toEqual(all.map(({ expected }) => expected));
    expect(all.some(({ was }) => was.some((line) => line.startsWith('test.journal')))).toBe(true);
  });

  it('takes a deadline that another record was the first to pass for no knowledge of it', () => {
    const run = driveNode(largeLot, options);
    for (let minute = 0; minute < 30; minute += 3) {
      const at = (later: number): string => `10:${String(minute + later).padStart(2, '0')}`;
      run.trade(at(0), 5000, 300 + minute);
      run.trade(at(1), 5000, 1);
      run.event(`${at(1)}:10`, 'cancel', { reason: 'made' });
      run.trade(`${at(1)}:20`, 5000, 1);
    }
    for (let of = 1; of <= 10; of += 1) {
      const all = lookAheads(largeLot, options, run, of);
      expect(all.map(({ was }) => was)).toEqual(all.map(({ expected }) => expected));
    }
  });

  it('has nothing to cut where nothing follows', () => {
    const run = driveNode(honest, options);
    run.trade('10:00', 5000, 1);
    expect(lookAheads(honest, options, run, seed)).toEqual([]);
    expect(run.inputs[0]?.topic).toBe(marketTopic);
  });
});
