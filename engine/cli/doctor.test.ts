import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { Plugin } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { Arguments } from './arguments.ts';
import { examine, type Finding } from './doctor-checks.ts';
import { HostDouble } from './host-double.ts';
import { checkChains } from './journal-chain.ts';
import type { MachineFacts } from './machine-facts.ts';
import { runCommandLine } from './main.ts';
import { runFlow } from './run-flow.ts';

const flow = `flow: lots
version: 1.0.0
instruments: [ES]
sources: { market: { use: made-source@^1 } }
nodes:
  lots: { use: large-lot@^1, in: { market: market } }
  talk:
    in: { lot: lots.signal }
    machine: { initial: quiet, states: { quiet: { on: { lot: { to: loud } } }, loud: { after: { 10m: { to: quiet } } } } }
`;

const well: MachineFacts = {
  runtime: 'Node',
  version: '24.21.0',
  systemTime: Date.UTC(2026, 0, 2, 10),
  installedAt: Date.UTC(2026, 0, 1),
  wantedPackages:
    '{ "packages": { "": {}, "node_modules/zod": { "version": "4.0.0" }, "node_modules/fsevents": { "version": "1.0.0", "optional": true } } }',
  installedPackages: '{ "packages": { "node_modules/zod": { "version": "4.0.0" } } }',
  placeOf: () => ({ exists: true, isWritable: true, freeBytes: 50e9 }),
};

const source = madeSource((a) => writeBatches(a, 60));

/** A log in which a flow ran; one of its journal records may be changed. */
async function writtenLog(change: (text: string) => string = (text) => text): Promise<FaultyLog> {
  const log = new FaultyLog();
  await runFlow({
    host: new HostDouble([]),
    log,
    graph: madeFlow(source),
    explain: true,
    keep: true,
    signal: new AbortController().signal,
  });
  const records = await log.read('made.journal', 0, 0, 1_000);
  const changed = new FaultyLog();
  await changed.append(
    0,
    records.map(({ partition: _p, offset: _o, ...record }, i) =>
      i === 5 ? { ...record, value: change(String(record.value)) } : record,
    ),
  );
  return changed;
}

async function findings(
  facts: Partial<MachineFacts> = {},
  prepare: (host: HostDouble) => void = () => {},
): Promise<readonly Finding[]> {
  const host = new HostDouble(['doctor']);
  host.files.set('flows/lots.flow.yaml', flow);
  host.plugins = [largeLot, source].map((plugin) => ({
    plugin: plugin as unknown as Plugin,
    file: '/p/plugin.ts',
  }));
  prepare(host);
  return examine({
    host,
    args: new Arguments('doctor', [], new Map()),
    facts: { ...well, ...facts },
  });
}

const of = (name: string, all: readonly Finding[]): Finding | undefined =>
  all.find((finding) => finding.name === name);

describe('orderflow doctor', () => {
  it('finds nothing where all is well', async () => {
    const all = await findings();
    expect(all.map(({ level, name }) => `${level} ${name}`)).toEqual([
      'ok Node',
      'ok packages',
      'ok data folder',
      'ok log',
      'ok plugins',
      'ok flow',
      'ok ports',
      'ok clock',
      'ok terminal',
    ]);
    expect(all.every(({ todo }) => todo === null)).toBe(true);
  });

  it.each<[string, Partial<MachineFacts>, string, Finding['level'], string]>([
    ['an old Node', { version: '20.1.0' }, 'Node', 'problem', 'expected version >= 24, was 20.1.0'],
    [
      'an old Deno',
      { runtime: 'Deno', version: '1.40.0' },
      'Deno',
      'problem',
      'expected version >= 2',
    ],
    [
      'packages that were never installed',
      { installedPackages: null },
      'packages',
      'problem',
      'node_modules is absent',
    ],
    [
      'packages of another version',
      { installedPackages: '{ "packages": { "node_modules/zod": { "version": "3.9.0" } } }' },
      'packages',
      'problem',
      'such as node_modules/zod',
    ],
    [
      'a missing lock file',
      { wantedPackages: null },
      'packages',
      'warn',
      'package-lock.json is absent',
    ],
    [
      'a folder that cannot be written',
      { placeOf: () => ({ exists: true, isWritable: false, freeBytes: 1e12 }) },
      'data folder',
      'problem',
      'expected to be writable',
    ],
    [
      'a full disk',
      { placeOf: () => ({ exists: true, isWritable: true, freeBytes: 1e8 }) },
      'data folder',
      'problem',
      '0.1 GB free',
    ],
    [
      'a disk that is almost full',
      { placeOf: () => ({ exists: false, isWritable: true, freeBytes: 1e9 }) },
      'data folder',
      'warn',
      'will be made by the first start, 1.0 GB free',
    ],
    [
      'a clock of the last century',
      { systemTime: Date.UTC(1999, 0, 1) },
      'clock',
      'problem',
      'lies before this project began',
    ],
    [
      'a clock that was set back',
      { systemTime: Date.UTC(2025, 11, 31) },
      'clock',
      'warn',
      'before the packages were installed',
    ],
  ])('finds %s and says what to do', async (_, facts, name, level, text) => {
    const found = of(name, await findings(facts));
    expect(found).toMatchObject({ level, text: expect.stringContaining(text) as string });
    expect(found?.todo).not.toBeNull();
  });

  it('finds flows with mistakes and with warnings', async () => {
    const broken = await findings({}, (host) =>
      host.files.set('flows/lots.flow.yaml', flow.replace('lots.signal', 'lots.signl')),
    );
    expect(of('flow', broken)).toMatchObject({
      level: 'problem',
      text: expect.stringContaining('WF001') as string,
    });
    const idle = await findings({}, (host) =>
      host.files.set(
        'flows/lots.flow.yaml',
        flow.replace('nodes:', 'params: { x: { type: number, default: 1 } }\nnodes:'),
      ),
    );
    expect(of('flow', idle)).toMatchObject({
      level: 'warn',
      text: expect.stringContaining('WF012') as string,
    });
    const none = await findings({}, (host) => host.files.clear());
    expect(of('flow', none)).toMatchObject({
      level: 'warn',
      todo: expect.stringContaining('create flow') as string,
    });
  });

  it('finds plugins that do not load', async () => {
    const all = await findings({}, (host) => {
      host.loadPlugins = () =>
        Promise.reject(
          new OrderflowError('OF_PLUGIN_MODULE', { file: 'x.ts', cause: 'no such export' }),
        );
    });
    expect(of('plugins', all)).toMatchObject({
      level: 'problem',
      text: expect.stringContaining('OF_PLUGIN_MODULE') as string,
    });
  });

  it('finds a log whose macrosteps are no chain, or that does not open', async () => {
    const withLog = (log: FaultyLog | null) => (host: HostDouble) => {
      host.files.set('data/log/log.sqlite', '');
      if (log) host.log = log;
    };
    expect(of('log', await findings({}, withLog(await writtenLog())))).toMatchObject({
      level: 'ok',
      text: expect.stringContaining('macrosteps are chained') as string,
    });
    const changed = await writtenLog((text) => text.replace('"size":', '"sise":'));
    expect(of('log', await findings({}, withLog(changed)))).toMatchObject({
      level: 'problem',
      text: 'made.journal of ES: macrostep 6 does not follow from the one before',
    });
    expect(of('log', await findings({}, withLog(null)))).toMatchObject({ level: 'problem' });
  });

  it('looks at a small window', async () => {
    const all = await findings({}, (host) => {
      host.stdout = { ...host.stdout, isTerminal: true, columns: 60 };
    });
    expect(of('terminal', all)).toMatchObject({ level: 'warn', text: '60 columns, 24 rows' });
  });

  it('ends with 1 on a problem only, prints lines or one JSON object, and changes nothing', async () => {
    const host = new HostDouble(['doctor', '--json']);
    host.files.set('flows/lots.flow.yaml', flow);
    host.plugins = [largeLot, source].map((plugin) => ({
      plugin: plugin as unknown as Plugin,
      file: '/p/plugin.ts',
    }));
    const before = [...host.files];
    const code = await runCommandLine(host);
    const report = JSON.parse(host.written) as { ok: boolean; findings: Finding[] };
    // The folder of the double is on no disk, so this user cannot write there.
    expect(report.ok).toBe(report.findings.every(({ level }) => level !== 'problem'));
    expect(code).toBe(report.ok ? 0 : 1);
    expect([...host.files]).toEqual(before);
  });
});

describe('checkChains', () => {
  it('finds a macrostep that is missing', async () => {
    const log = await writtenLog();
    const records = await log.read('made.journal', 0, 0, 1_000);
    const gap = new FaultyLog();
    await gap.append(
      0,
      records.filter((_, i) => i !== 3).map(({ partition: _p, offset: _o, ...record }) => record),
    );
    expect(await checkChains(gap)).toMatchObject([
      { topic: 'made.journal', instrument: 'ES', broken: 5 },
    ]);
    expect(await checkChains(log)).toMatchObject([{ broken: null, count: records.length }]);
  });
});
