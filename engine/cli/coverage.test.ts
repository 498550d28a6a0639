import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MarketBatchBuilder } from '../contracts/market-batch.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import { parseTradeDate, zonedToUtc } from '../market/time.ts';
import { definePlugin, type Plugin } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import type { CoverageReport } from './coverage-report.ts';
import { FolderHost } from './folder-host.ts';
import { runCommandLine } from './main.ts';

/** A day for each file named: a lot too small to follow, and with `big` in the name one large enough. */
const replay = definePlugin({
  id: 'replay',
  kind: 'source',
  version: '1.0.0',
  api: 1,
  summary: 'Made days',
  needs: [],
  in: {},
  config: z.object({ files: z.array(z.string()).default([]) }),
  out: { market: { kind: 'market', takes: ['trade'] } },
  examples: [],
  open: async (a) => {
    const { files } = a.config;
    for (let day = 0; day < (files.length > 0 ? files.length : 1_000); day += 1) {
      if (a.signal.aborted) return;
      const date = `2025-11-${String(10 + (day % 5)).padStart(2, '0')}`;
      const start = zonedToUtc('America/New_York', parseTradeDate(date), '10:00');
      const ts = files.length > 0 ? start : start + day * 3_600_000_000;
      const batch = new MarketBatchBuilder(a.instrument.symbol);
      batch.trade(ts, 20_000, 100, 1, 0);
      if (files[day]?.includes('big')) batch.trade(ts + 1_000_000, 20_000, 250, 1, 0);
      batch.heartbeat(ts + 121_000_000);
      await a.write(batch.finish(), String(day));
    }
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
    machine:
      initial: quiet
      states:
        quiet:
          on:
            lot:
              - { when: { expr: ev.size > 900, why: a very large lot }, to: loud }
        loud:
          on:
            lot: [ { to: quiet } ]
`;

const hosts: FolderHost[] = [];
afterAll(() => {
  for (const host of hosts) host.remove();
});

const coverage = (...words: string[]) => coverageWith({}, ...words);

async function coverageWith(files: Readonly<Record<string, string>>, ...words: string[]) {
  const folder = { ...files, 'lots.flow.yaml': flow };
  const host = new FolderHost(['coverage', 'lots.flow.yaml', ...words], folder);
  hosts.push(host);
  const plugins = [largeLot, replay] as readonly Plugin[];
  host.plugins = plugins.map((plugin) => ({ plugin, file: `/plugins/${plugin.id}.ts` }));
  host.openMemoryLog = () => new FaultyLog();
  const code = await runCommandLine(host);
  return { code, text: host.written, errors: host.errors, host };
}

describe('orderflow coverage', () => {
  it('counts states, time in them, transitions and what blocked them', async () => {
    const { code, text, errors } = await coverage('--data', 'big.csv', '--json');
    expect(errors).not.toMatch(/OF_/);
    expect(code).toBe(0);
    const report = JSON.parse(text) as CoverageReport;
    const lots = report.nodes.find(({ node }) => node === 'lots');
    expect(lots?.states).toEqual([
      { state: 'quiet', entered: 2, timeUs: expect.any(Number) },
      { state: 'waiting', entered: 1, timeUs: 60_000_000 },
    ]);
    expect(lots?.transitions[0]).toEqual({
      transition: 'quiet:lot.traded:0',
      target: 'waiting',
      ...{ taken: 1, blocked: 1, unexplained: 0, shadowed: 0, blockedBy: 'size' },
    });
    const talk = report.nodes.find(({ node }) => node === 'talk');
    expect(talk?.transitions[0]).toMatchObject({ blocked: 1, blockedBy: 'a very large lot' });
    expect(report).toMatchObject({ rows: 2, blocked: 2, unexplained: 0 });
    expect(report.neverEntered).toEqual(['talk loud']);
    expect(report.neverTaken).toContain('talk loud:lot:0');
  });

  it('adds up what files run by themselves came to', async () => {
    const { text } = await coverage(
      '--data',
      'small.csv',
      'big.csv',
      'big-2.csv',
      '--each',
      '--json',
    );
    const report = JSON.parse(text) as CoverageReport;
    expect(report.runs).toEqual(['small.csv', 'big.csv', 'big-2.csv']);
    expect(report.nodes[0]?.transitions[0]).toMatchObject({ taken: 2, blocked: 3 });
    expect(report.nodes[0]?.states[1]).toMatchObject({ entered: 2, timeUs: 120_000_000 });
  });

  it('adds up what earlier runs printed, with a run of its own or without', async () => {
    const written = async (name: string): Promise<string> =>
      (await coverage('--data', name, '--json')).text;
    const files = { 'a.json': await written('big.csv'), 'b.json': await written('big-2.csv') };
    const { code, text } = await coverageWith(files, '--add', 'a.json', 'b.json', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(text) as CoverageReport;
    expect(report).toMatchObject({ runs: ['big.csv', 'big-2.csv'], rows: 4, blocked: 4 });
    expect(report.nodes[0]?.transitions[0]).toMatchObject({
      ...{ taken: 2, blocked: 2, blockedBy: 'size' },
    });
    const more = await coverageWith(files, '--data', 'small.csv', '--add', 'a.json', '--json');
    expect((JSON.parse(more.text) as CoverageReport).runs).toEqual(['small.csv', 'big.csv']);
  });

  it('refuses to add what is no report, and a report of another flow', async () => {
    const own = (await coverage('--data', 'big.csv', '--json')).text;
    const files = { 'a.json': own.replace('"quiet"', '"silent"'), 'b.json': '{}', 'c.json': own };
    for (const words of [['b.json'], ['a.json', 'c.json'], ['absent.json']]) {
      const { code, errors } = await coverageWith(files, '--add', ...words);
      expect(code).toBe(2);
      expect(errors).toMatch(/--add.* reports of one flow that --json printed/s);
    }
  });

  it("runs days of the flow's own source and then stops it", async () => {
    const { code, text } = await coverage('--days', '2', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(text) as CoverageReport;
    expect(report.rows).toBeGreaterThan(40);
    expect(report.rows).toBeLessThan(400);
  });

  it('shows tables and ends with what was never reached; a failure when strict', async () => {
    const { code, text } = await coverage('--data', 'small.csv', '--strict');
    expect(code).toBe(1);
    expect(text).toMatch(/^lots +waiting +never +– +–$/m);
    expect(text).toMatch(/^lots +waiting:cancel:0 +– +– +– +never asked$/m);
    expect(text).toMatch(/2 states never entered:\n {2}lots waiting\n {2}talk loud\n/);
    expect(text).toMatch(/Guards refused 1 times, 0 of them without saying why/);
  });

  it('writes a page', async () => {
    const { host } = await coverage('--data', 'big.csv', '--markdown', 'docs/coverage.md');
    const page = readFileSync(join(host.folder, 'docs/coverage.md'), 'utf8');
    expect(page).toMatch(/^# Coverage of lots\n/);
    expect(page).toMatch(/\| lots \| waiting \| 1 \|/);
    expect(page).toMatch(/- `talk loud`/);
  });

  it('wants something to run over', async () => {
    const { code, errors } = await coverage();
    expect(code).toBe(2);
    expect(errors).toMatch(/OF_CLI_VALUE .*--data/);
  });
});
