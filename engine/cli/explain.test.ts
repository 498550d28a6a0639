import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import { compileFlow } from '../flow/compile-flow.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { definePlugin, type Plugin } from '../plugin/define-plugin.ts';
import { createRegistry } from '../plugin/registry.ts';
import type { Log } from '../runtime/ports.ts';
import { largeLot } from '../testing/large-lot.ts';
import { HostDouble } from './host-double.ts';
import { runCommandLine } from './main.ts';
import { runFlow } from './run-flow.ts';

const at = (date: string, time: string): number =>
  zonedToUtc('America/New_York', parseTradeDate(date), time);

/** Two days of a few trades; each has a large lot that nobody answers, the second one too large to follow. */
const replay = definePlugin({
  id: 'replay',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'Two days of a few trades',
  needs: [],
  in: {},
  config: z.object({ files: z.array(z.string()).default([]) }),
  out: { market: { kind: 'market', takes: ['trade'] } },
  examples: [],
  open: async (a) => {
    if (a.resume !== null) return;
    const batch = new MarketBatchBuilder(a.instrument.symbol);
    const trade = (date: string, time: string, size: number): void =>
      batch.trade(at(date, time), 20_000, size, 1, 0);
    trade('2025-11-18', '10:00', 250);
    trade('2025-11-18', '10:05', 1);
    trade('2025-11-19', '10:00', 100);
    trade('2025-11-19', '10:01', 98);
    trade('2025-11-19', '11:00', 320);
    trade('2025-11-19', '11:01:30', 1);
    trade('2025-11-19', '15:00', 60);
    batch.heartbeat(at('2025-11-19', '17:00'));
    await a.write(batch.finish(), '1');
  },
});

const flow = `flow: lots
version: 1.0.0
instruments: [ES]
sources:
  market: { use: replay@^1 }
nodes:
  lots: { use: large-lot@^1, in: { market: market } }
  talk:
    in: { lot: lots.signal }
    out: { said: { fields: { size: { type: number, unit: contract } } } }
    machine:
      initial: quiet
      states:
        quiet:
          on:
            lot:
              - { when: { expr: ev.size < 300, why: small enough to follow }, emit: { said: { size: ev.size } }, to: loud }
        loud:
          after: { 10m: { to: quiet } }
`;

const plugins = [largeLot, replay] as unknown as Plugin[];

async function writtenLog(): Promise<Log> {
  const { graph } = compileFlow({
    file: 'lots.flow.yaml',
    text: flow,
    registry: createRegistry(plugins),
    readFile: () => null,
  });
  if (!graph) throw new Error('the flow of this test is not right');
  const log = new FaultyLog();
  await runFlow({
    host: new HostDouble([]),
    log,
    graph,
    explain: true,
    keep: true,
    signal: new AbortController().signal,
  });
  return log;
}

const log = await writtenLog();

async function explain(...words: string[]) {
  const host = new HostDouble(['explain', 'lots.flow.yaml', ...words]);
  host.files.set('lots.flow.yaml', flow);
  host.files.set('data/log/log.sqlite', '');
  host.plugins = plugins.map((plugin) => ({ plugin, file: `/plugins/${plugin.id}/plugin.ts` }));
  host.log = words.includes('--data') ? new FaultyLog() : log;
  const code = await runCommandLine(host);
  return { code, text: host.written, errors: host.errors };
}

describe('orderflow explain', () => {
  it('answers from the log: the last trade date when no time is given', async () => {
    const { code, text } = await explain('--node', 'talk', '--event', 'lot');
    expect(text).toMatchInlineSnapshot(`
      "lots on ES, 2025-11-18 18:00:00 to 2025-11-19 15:01:00

      guard-blocked: the event came and a guard did not hold
      when     2025-11-19 11:01:00 (macrostep 10)
      node     talk, in state quiet
      asked    quiet:lot:0 -> loud
      missed   small enough to follow (ev.size < 300): 320 < 300, by 20 contracts
      "
    `);
    expect(code).toBe(0);
  });

  it('answers about a time in the log', async () => {
    const { text } = await explain(
      '--node',
      'talk',
      '--transition',
      'quiet:lot:0',
      '--from',
      '2025-11-18',
      '--to',
      '2025-11-18',
    );
    expect(text).toContain('\nfired: it was taken\nwhen     2025-11-18 10:01:00');
  });

  it('walks up from what never came', async () => {
    const { text } = await explain(
      '--node',
      'talk',
      '--event',
      'lot',
      '--from',
      '14:00',
      '--to',
      '16:00',
    );
    expect(text).toMatchInlineSnapshot(`
      "lots on ES, 2025-11-19 14:00:00 to 2025-11-19 16:00:59

      never-arrived: the event never came
      node     talk, in state quiet
      asked    quiet:lot:0 -> loud
      wires    talk.lot <- lots.signal
      upstream the sensor of 'lots' stayed below its threshold: size reached 60
               contracts of 100 needed (15:01:00)
      "
    `);
  });

  it('knows the state from before the range', async () => {
    const { text } = await explain(
      '--node',
      'talk',
      '--event',
      'lot',
      '--from',
      '2025-11-18 10:05',
      '--to',
      '2025-11-18 10:06',
    );
    expect(text).toContain('node     talk, in state loud');
  });

  it('sums a node up: counts, near misses, readings', async () => {
    const { text } = await explain('--node', 'lots');
    expect(text).toMatchInlineSnapshot(`
      "lots on ES, 2025-11-18 18:00:00 to 2025-11-19 15:01:00
      lots: in state quiet since 2025-11-19 11:01:00, 3 macrosteps

        transition             fired  blocked  shadowed  last
        quiet:lot.traded:0         1        1         0  11:00:00  -> waiting
        waiting:after 60000:0      1        0         0  11:01:00  -> quiet
        2 other transitions: neither taken nor asked

      Near misses: none
        1 refusal; --json has all of them

      Largest readings of its sensor
        size reached 320 contracts of 100 needed at 2025-11-19 11:01:00
      "
    `);
  });

  it('says the same from data files as from the log', async () => {
    for (const question of [
      ['--node', 'talk', '--event', 'lot'],
      ['--node', 'lots'],
      ['--node', 'lots', '--event', 'cancel'],
    ]) {
      const answers = [await explain(...question), await explain(...question, '--data', 'day.csv')];
      const [fromLog, fromFiles] = answers.map(({ text }) => text.split('\n').slice(1));
      expect(fromFiles).toEqual(fromLog);
    }
  });

  it('prints one JSON object, prices as decimals', async () => {
    const { text } = await explain('--node', 'talk', '--event', 'lot', '--json');
    expect(JSON.parse(text)).toMatchObject({
      flow: 'lots',
      instrument: 'ES',
      verdict: 'guard-blocked',
      transition: 'quiet:lot:0',
      at: at('2025-11-19', '11:01'),
      leaves: [
        {
          why: 'small enough to follow',
          ok: false,
          left: 320,
          op: '<',
          right: 300,
          margin: -20,
          unit: 'contract',
        },
      ],
    });
    const summary = JSON.parse((await explain('--node', 'lots', '--json')).text) as Record<
      string,
      unknown
    >;
    expect(summary).toMatchObject({
      node: 'lots',
      state: 'quiet',
      nearMisses: [],
      refusals: [{ transition: 'quiet:lot.traded:0', leaves: [{ left: 100, right: 250 }] }],
      probes: [{ probe: 'size', value: 320 }],
    });
  });

  it.each([
    [['--node', 'tlk'], "'--node' expected perhaps 'talk'; one of lots, talk, was 'tlk'"],
    [
      ['--node', 'talk', '--event', 'lots'],
      "'--event' expected perhaps 'lot'; one of lot, after 600000, was 'lots'",
    ],
    [
      ['--node', 'talk', '--transition', 'quiet:lot:1'],
      "'--transition' expected perhaps 'quiet:lot:0'",
    ],
    [
      ['--node', 'talk', '--event', 'lot', '--transition', 'quiet:lot:0'],
      "'--transition' expected either an event or a transition",
    ],
    [[], "'--node' expected a node of the flow, was 'nothing'"],
    [['--node', 'talk', '--from', 'noon'], "'--from' expected a time such as 10:04"],
    [
      ['--node', 'talk', '--from', '11:00', '--to', '10:00'],
      "'--from' expected a time before --to '10:00', was '11:00'",
    ],
    [['--node', 'talk', '--instrument', 'NQ'], "'--instrument' expected one of ES, was 'NQ'"],
  ])('refuses %j with what would be right', async (words, message) => {
    const { code, errors } = await explain(...words);
    expect(errors).toContain(message);
    expect(code).toBe(2);
  });

  it('says where to get an answer when the log holds none, and makes no log', async () => {
    const { code, errors } = await explain('--node', 'talk', '--home', 'elsewhere');
    expect(errors).toContain("OF_EXPLAIN_EMPTY 'elsewhere/log' holds nothing that 'lots.ES' did");
    expect(code).toBe(3);
  });
});
