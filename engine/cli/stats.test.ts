import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeMarketBatch } from '../contracts/market-batch.ts';
import { madeBatches, madePlugins, madeStudyFlow } from '../study/study-fixture.ts';
import { FolderHost } from './folder-host.ts';
import { runCommandLine } from './main.ts';

const hosts: FolderHost[] = [];
afterAll(() => {
  for (const host of hosts) host.remove();
});

async function stats(words: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const host = new FolderHost(['stats', ...words], { 'made.flow.yaml': madeStudyFlow, ...files });
  hosts.push(host);
  host.plugins = madePlugins().map((plugin) => ({ plugin, file: `/plugins/${plugin.id}.ts` }));
  const code = await runCommandLine(host);
  return { code, text: host.written, errors: host.errors, host };
}

const flow = ['made.flow.yaml', '--data', 'days.csv', '--workers', '1'];

describe('orderflow stats', () => {
  it('shows hit rates with intervals, costs, years and chance', async () => {
    const { code, text, errors } = await stats([...flow, '--seeds', '2']);
    expect(errors).not.toMatch(/OF_/);
    expect(code).toBe(0);
    expect(text).toMatch(/15 sessions from 2025-11-03 to 2025-11-21, 240 rows: 15 ordinary/);
    expect(text).toMatch(/made-setup +morning +15 +7 +46\.7 % .* too few$/m);
    expect(text).toMatch(/made-setup +morning +2025 +15 +7/);
    expect(text).toMatch(/1\.24 USD a round turn, 1\.25 USD a tick/);
  });

  it('prints JSON, without chance when no seed is asked for', async () => {
    const words = ['--seeds', '0', '--json', '--slippage', '0', '--commission', '0'];
    const { text } = await stats([...flow, ...words]);
    const report = JSON.parse(text) as { setups: { meanTicks: number }[] };
    expect(report).toMatchObject({
      flow: 'made',
      seeds: 0,
      costs: { slippageTicks: 0, commissionUsd: 0, tickUsd: 1.25 },
      data: { sessions: 15, contractChanges: 0 },
      setups: [{ setup: 'made-setup', n: 15, completed: 7, verdict: 'no comparison' }],
    });
  });

  it('writes a page, and takes contracts from a file', async () => {
    const contracts = JSON.stringify({ '2025-11-03': 'ESZ25', '2025-11-10': 'ESH26' });
    const words = ['--contracts', 'fronts.json', '--markdown', 'out/stats.md', '--seeds', '1'];
    const { code, text, host } = await stats([...flow, ...words], { 'fronts.json': contracts });
    expect(code).toBe(0);
    expect(text).toMatch(/1 changes of contract, nothing carried over/);
    const page = readFileSync(join(host.folder, 'out/stats.md'), 'utf8');
    expect(page).toMatch(/^# What became of the setups\n/);
    expect(page).toMatch(/\| made-setup \| morning \| 15 \|/);
    expect(page).toMatch(/^## By year$/m);
  });

  it.each([
    [['made.flow.yaml'], 2, /OF_CLI_VALUE .*--data/],
    [[...flow, '--contracts', 'absent.json'], 2, /OF_CLI_FILE .*absent\.json/],
    [[...flow, '--contracts', 'text.json'], 2, /OF_CLI_FILE .*not JSON/],
    [[...flow, '--contracts', 'list.json'], 2, /OF_CLI_VALUE .*--contracts/],
    [[...flow, '--slippage', '-1'], 2, /OF_CLI_VALUE .*--slippage/],
    [[...flow, '--param', 'breaks=true'], 3, /OF_STATS_QUARANTINED .*setup.*made to break/],
  ])('refuses %j', async (words, code, error) => {
    const files = { 'text.json': 'no', 'list.json': '{"2015":"ESH15"}' };
    const ended = await stats(words, files);
    expect(ended.errors).toMatch(error);
    expect(ended.code).toBe(code);
  });

  it('refuses a flow that tells no outcomes', async () => {
    const text = madeStudyFlow.slice(0, madeStudyFlow.indexOf('  setup:'));
    const ended = await stats(flow, { 'made.flow.yaml': text });
    expect(ended.errors).toMatch(/OF_STATS_OUTCOME flow 'made'/);
    expect(ended.code).toBe(3);
  });
});

/** The made days as a file of bars, stamped at their start. */
function csvOfDays(): string {
  const rows = madeBatches().flatMap((bytes) => {
    const { count, ts, a, b, c, d, bars } = decodeMarketBatch(bytes);
    return Array.from({ length: count }, (_, i) => {
      const prices = [a, b, c, d].map((column) => (column[i] ?? 0) / 4);
      return `${(ts[i] ?? 0) - 1_800_000_000}000,${prices.join(',')},${bars[i * 4]},,,,,`;
    });
  });
  return `ts_ns,open,high,low,close,volume,bid_vol,ask_vol,delta,trades,vwap\n${rows.join('\n')}\n`;
}

describe('orderflow stats in threads', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-stats-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): string {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  const fixture = JSON.stringify(join(root, 'engine/study/study-fixture.ts'));
  for (const id of ['made-profile', 'made-setup', 'made-idle'])
    write(
      `plugins/${id}/plugin.ts`,
      `import { madePlugins } from ${fixture};\nexport const plugin = madePlugins().find(({ id }) => id === '${id}');\n`,
    );
  const words = [write('made.flow.yaml', madeStudyFlow), '--data', write('days.csv', csvOfDays())];
  const env = { ...process.env, ORDERFLOW_PLUGINS: join(folder, 'plugins') };

  function run(workers: string) {
    const args = [
      'orderflow.ts',
      'stats',
      ...words,
      '--seeds',
      '3',
      '--json',
      '--workers',
      workers,
    ];
    const options = { cwd: root, env, encoding: 'utf8' } as const;
    const { stdout, stderr } = spawnSync(process.execPath, args, options);
    expect(stderr).not.toMatch(/OF_/);
    const { elapsedMs: _, ...report } = JSON.parse(stdout) as Record<string, unknown>;
    return report;
  }

  it('gives the figures of one thread', { timeout: 60_000 }, () => {
    const alone = run('1');
    expect(alone).toMatchObject({ seeds: 3, setups: [{ n: 15, null: { seeds: 3, n: 10 } }] });
    expect(run('2')).toEqual(alone);
  });
});
