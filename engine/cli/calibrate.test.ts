import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import { findInstrument } from '../market/instrument.ts';
import { zonedToUtc } from '../market/time.ts';
import type { AnySource } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';
import { madeFlow, madeSource } from '../testing/made-flow.ts';
import { readArguments } from './arguments.ts';
import { command } from './calibrate.ts';
import { printCalibration, type SignalRates, verdictOf } from './calibrate-report.ts';
import { countFirings, runTapeForFirings, tradedMinutes } from './calibrate-run.ts';
import { findStaged, stageMarket } from './calibrate-staged.ts';
import { discoverPlugins } from './discover-plugins.ts';
import { HostDouble } from './host-double.ts';

const es = findInstrument('ES');
const root = resolve(import.meta.dirname, '../..');
const open = zonedToUtc('America/New_York', 20251119, '09:30');
const minute = 60_000_000;

const rates = (real: number, permuted: number[], shifted: number[]): SignalRates => ({
  key: 'a.signal',
  plugin: 'a',
  port: 'signal',
  isSignal: true,
  real: { count: real, minutes: real },
  permuted: permuted.map((minutes) => ({ count: minutes, minutes })),
  shifted: shifted.map((minutes) => ({ count: minutes, minutes })),
});

describe('what a rate says', () => {
  it.each<[string, SignalRates]>([
    ['silent', rates(0, [0, 0], [0, 0])],
    ['more often than chance', rates(9, [1, 2], [3, 4])],
    ['like chance', rates(3, [1, 2], [3, 4])],
    ['less often than chance', rates(0, [1, 2], [3, 4])],
    ['often by chance; like chance', rates(10, [1, 2], [10, 12])],
  ])('%s', (words, signal) => {
    expect(verdictOf(signal, 1_000)).toBe(words);
  });

  it('prints the share of minutes, with the range over the null tapes', () => {
    const text = printCalibration(
      {
        flow: 'made',
        seeds: 2,
        days: 3,
        tapes: [
          {
            tape: 'a day',
            minutes: 400,
            hours: 'regular',
            trades: 5,
            signals: [rates(8, [1, 3], [2, 6])],
          },
        ],
        staged: [
          { kind: 'news', plugin: 'tape', staged: 4, found: 3, secondsToDetection: [1, 2, 9] },
        ],
      },
      true,
    );
    expect(text).toContain(
      '| a.signal | signal | 8 | 2.00 % | 0.50 % (0.25 % to 0.75 %) | 1.00 % (0.50 % to 1.50 %) | often by chance; more often than chance |',
    );
    expect(text).toContain('| news | tape | 4 | 3 | 75.0 % (below 90 %) | 2.0 s (90 %: 9.0 s) |');
  });
});

describe('counting', () => {
  it('counts minutes of regular hours once, and a firing at the end of a minute for that minute', () => {
    const minutes = new Set([open / minute, open / minute + 1]);
    const firings = [open + 1, open + 2, open + minute, open - 5].map((ts) => ({ ts, side: null }));
    expect(countFirings(firings, minutes)).toEqual({ count: 3, minutes: 1 });
  });

  it('asks for regular hours, and for all hours where a tape has none of them', () => {
    const builder = new MarketBatchBuilder('ES');
    builder.trade(open - 10 * minute, 24_000, 1, 1, 0);
    const night = [builder.finish().slice()];
    expect(tradedMinutes(night, es)).toMatchObject({ hours: 'all' });
    builder.trade(open, 24_000, 1, 1, 0);
    builder.trade(open + 1, 24_000, 1, 1, 0);
    const both = tradedMinutes([...night, builder.finish().slice()], es);
    expect(both).toEqual({ hours: 'regular', minutes: new Set([open / minute]) });
  });

  it('hears what a watched port says, with its time', () => {
    const builder = new MarketBatchBuilder('ES');
    builder.trade(open, 24_000, 150, 1, 0);
    builder.heartbeat(open + 2 * minute);
    const port = { key: 'lots.signal', plugin: 'large-lot', port: 'signal', isSignal: false };
    const graph = madeFlow(madeSource(async () => {}));
    const firings = runTapeForFirings(graph, es, [builder.finish()], [port]);
    // The made plugin tells of a lot a minute after it.
    expect(firings.get('lots.signal')).toEqual([{ ts: open + minute, side: null }]);
  });
});

describe('staged markets', async () => {
  const found = await discoverPlugins({ root, cwd: root, folders: '' });
  const simulator = found.find(({ plugin }) => plugin.id === 'simulator')!.plugin as AnySource;

  it('tell their truth beside the rows', async () => {
    const stage = ['absorption', 'news'];
    const config = { seed: 5, days: 2, depth: false, tradesPerDay: 20_000, stage };
    const { tape, truth } = await stageMarket(simulator, es, config);
    expect(tape.length).toBeGreaterThan(10);
    expect(truth.map(({ kind }) => kind).toSorted()).toEqual([
      ...Array.from({ length: 6 }, () => 'absorption'),
      ...Array.from({ length: 6 }, () => 'news'),
    ]);
  });

  it('flickering orders are found in the book', async () => {
    const text = [
      'flow: made',
      'version: 1.0.0',
      'instruments: [ES]',
      'sources:',
      '  market: { use: simulator@^1, with: { seed: 1 } }',
      'nodes:',
      '  book:',
      '    use: depth@^1',
      '    in: { market: market }',
      '',
    ].join('\n');
    const registry = createRegistry(found.map(({ plugin }) => plugin));
    const { graph } = compileFlow({ file: 'made.flow.yaml', text, registry, readFile: () => '' });
    const config = { seed: 5, days: 1, tradesPerDay: 4_000, stage: ['flicker'] };
    const market = await stageMarket(simulator, es, config);
    expect(findStaged(graph!, es, [market], () => 0)).toMatchObject([
      { kind: 'flicker', plugin: 'depth', staged: 3, found: 3 },
    ]);
  });

  it('the command holds a flow against chance on files of one’s own', async () => {
    const host = new HostDouble([]);
    host.plugins = found;
    host.files.set(
      'made.flow.yaml',
      [
        'flow: made',
        'version: 1.0.0',
        'instruments: [ES]',
        'sources:',
        '  market: { use: simulator@^1, with: { seed: 1 } }',
        'nodes:',
        '  absorb:',
        '    use: absorption@^1',
        '    in: { market: market }',
        '',
      ].join('\n'),
    );
    const args = readArguments(command, [
      'made.flow.yaml',
      '--seeds',
      '1',
      '--days',
      '3',
      '--json',
    ]);
    expect(await command.run(host, args)).toBe(0);
    const report = JSON.parse(host.written) as { tapes: unknown[]; staged: { found: number }[] };
    expect(report.tapes).toEqual([]);
    expect(host.errors).toContain('skipped: real tapes');
    expect(report.staged).toHaveLength(1);
    expect(report.staged[0]!.found).toBeGreaterThan(0);
  }, 60_000);
});
