import { describe, expect, it } from 'vitest';
import { deploymentTopic } from '../contracts/deployment.ts';
import { FaultyLog } from '../faults/faulty-log.ts';
import type { FlowGraph, GraphNode } from '../flow/graph.ts';
import { findInstrument } from '../market/instrument.ts';
import { nodeKey } from '../runtime/checkpoint.ts';
import { planNodes } from '../runtime/deploy.ts';
import type { Log } from '../runtime/ports.ts';
import { madeFlow, madeSource, writeBatches } from '../testing/made-flow.ts';
import { HostDouble } from './host-double.ts';
import { HotReload, type ReloadOutcome } from './hot-reload.ts';
import { runLive } from './live-run.ts';
import { watchTasks } from './watched-log.ts';

const [lots] = madeFlow(madeSource((a) => writeBatches(a, 0))).nodes as readonly [GraphNode];
const partition = madeFlow(madeSource((a) => writeBatches(a, 0))).instruments[0]!.number;
const withNodes = (flow: FlowGraph, ...nodes: GraphNode[]): FlowGraph => ({
  ...flow,
  hash: nodes.map(({ id, config }) => `${id}${JSON.stringify(config)}`).join(),
  nodes,
});

/** A market of 40 batches; something is asked for once 20 are written. */
function marketAsking(ask: () => void): FlowGraph {
  let asked = false;
  return madeFlow(
    madeSource(async (a) => {
      if (!asked) {
        await writeBatches(a, 20);
        asked = true;
        ask();
        return;
      }
      await writeBatches(a, 40);
    }),
  );
}

/** Runs a flow into which another one is deployed half-way. */
async function deployed(after: (flow: FlowGraph) => FlowGraph, log: Log = new FaultyLog()) {
  const host = new HostDouble([]);
  const reload = new HotReload();
  const answers: Promise<ReloadOutcome>[] = [];
  const flow = marketAsking(() => answers.push(reload.request(after(flow))));
  const code = await reload.run(host, flow, log, 'data', {});
  return { host, log, code, outcome: await answers[0] };
}

const tradesOf = (host: HostDouble): string[] =>
  [...host.written.matchAll(/(\d+) trades/g)].map(([, count]) => count ?? '');

describe('a hot reload', () => {
  it('lets another flow take over where the old one stopped, with the state of what stays', async () => {
    const { host, log, code, outcome } = await deployed((flow) =>
      withNodes(flow, lots, { ...lots, id: 'other' }),
    );
    expect(code).toBe(0);
    expect(outcome).toMatchObject({
      ok: true,
      records: [
        {
          flow: 'made',
          previous: 'made',
          nodes: [
            { node: 'lots', fate: 'kept' },
            { node: 'other', fate: 'new' },
          ],
        },
      ],
    });
    expect(host.written).toContain('A changed flow takes over at Wed 2025-11-19 10:09:13 ET.');
    expect(tradesOf(host).at(-1)).toBe('160');
    const [record] = await log.read(deploymentTopic('made'), partition, 0, 10);
    expect(JSON.parse(String(record?.value))).toMatchObject({ nodes: [{ fate: 'kept' }, {}] });
  });

  it('leaves a log that the next start goes on from, verified', async () => {
    const after = (flow: FlowGraph): FlowGraph => withNodes(flow, { ...lots, id: 'other' }, lots);
    const { log } = await deployed(after);
    const host = new HostDouble([]);
    const source = madeSource((a) => writeBatches(a, 50));
    expect(await runLive(host, after(madeFlow(source)), log, 'data')).toBe(0);
    expect(host.written).toMatch(/nothing to run again, journal verified \(\d+ macrosteps\)/);
    expect(tradesOf(host).at(-1)).toBe('200');
  });

  it('drops the state of a node that is gone', async () => {
    const { log, outcome } = await deployed((flow) => withNodes(flow, { ...lots, id: 'other' }));
    expect(outcome).toMatchObject({
      ok: true,
      records: [
        {
          nodes: [
            { node: 'other', fate: 'new' },
            { node: 'lots', fate: 'gone' },
          ],
        },
      ],
    });
    const { state } = await log.openTask('made.ES', partition, []);
    expect(state.has(nodeKey('lots'))).toBe(false);
    expect(state.has(nodeKey('other'))).toBe(true);
  });

  it('runs on with the old flow where the new one cannot be opened', async () => {
    const broken = {
      ...lots,
      id: 'broken',
      plugin: {
        ...lots.plugin,
        machine: () => {
          throw new Error('no machine');
        },
      },
    };
    const { host, code, outcome } = await deployed((flow) => withNodes(flow, lots, broken));
    expect(outcome).toEqual({ ok: false, reason: 'no machine' });
    expect(code).toBe(0);
    expect(tradesOf(host).at(-1)).toBe('160');
  });

  it('puts back what it dropped of one instrument where another one could not be changed', async () => {
    const log = new FaultyLog();
    const failing = watchTasks(log, (_, task) => ({
      state: task.state,
      read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
      commit: async (commit) => {
        const isLast = commit.outputs.some(
          ({ topic, key }) => topic === deploymentTopic('made') && key === 'NQ',
        );
        if (isLast) throw new Error('the log is out of reach');
        await task.commit(commit);
      },
      close: () => task.close(),
    }));
    const host = new HostDouble([]);
    const reload = new HotReload();
    const answers: Promise<ReloadOutcome>[] = [];
    const started = new Set<string>();
    const flow: FlowGraph = {
      ...madeFlow(
        madeSource(async (a) => {
          const isFirst = !started.has(a.instrument.symbol);
          started.add(a.instrument.symbol);
          await writeBatches(a, isFirst ? 20 : 40);
          if (isFirst && started.size === 2 && answers.length === 0)
            answers.push(reload.request(withNodes(flow, { ...lots, id: 'other' })));
        }),
      ),
      instruments: [findInstrument('ES'), findInstrument('NQ')],
    };
    await reload.run(host, flow, failing, 'data', {});
    expect(await answers[0]).toEqual({ ok: false, reason: 'the log is out of reach' });
    const { state } = await log.openTask('made.ES', partition, []);
    // With its state gone the node would have begun with the second half.
    const { seq } = JSON.parse(state.get('@task') ?? '{}') as { seq: number };
    const whole = new FaultyLog();
    await runLive(new HostDouble([]), madeFlow(madeSource((a) => writeBatches(a, 40))), whole, 'x');
    const undisturbed = await whole.openTask('made.ES', partition, []);
    expect(state.get(nodeKey('lots'))).toBe(undisturbed.state.get(nodeKey('lots')));
    expect(seq).toBe((JSON.parse(undisturbed.state.get('@task') ?? '{}') as { seq: number }).seq);
  });

  it('tells of both where what was written cannot be taken back either', async () => {
    const log = new FaultyLog();
    let isDeployed = false;
    const failures = ['it does not open', 'the log is out of reach'];
    const failing = watchTasks(log, (_, task) => {
      if (isDeployed) throw new Error(failures.shift());
      return {
        state: task.state,
        read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
        commit: async (commit) => {
          await task.commit(commit);
          isDeployed = commit.outputs.some(({ topic }) => topic === deploymentTopic('made'));
        },
        close: () => task.close(),
      };
    });
    const reload = new HotReload();
    const answers: Promise<ReloadOutcome>[] = [];
    const other = (): FlowGraph => withNodes(flow, { ...lots, id: 'other' });
    const flow = marketAsking(() => answers.push(reload.request(other())));
    const ended = await reload
      .run(new HostDouble([]), flow, failing, 'data', {})
      .catch((error: unknown) => error);
    expect(ended).toMatchObject({ code: 'OF_DEPLOY_UNDO', facts: { instruments: 'ES' } });
    const { message, cause } = ended as Error;
    expect(message).toMatch(
      /after 'it does not open', was stopped by 'the log is out of reach'; start the flow again/,
    );
    expect((cause as AggregateError).errors.map(String)).toEqual([
      'Error: it does not open',
      'Error: the log is out of reach',
    ]);
    expect(await answers[0]).toEqual({ ok: false, reason: message });
  });

  it('refuses while nothing runs', async () => {
    const flow = madeFlow(madeSource((a) => writeBatches(a, 1)));
    expect(await new HotReload().request(flow)).toMatchObject({ ok: false });
  });
});

describe('the plan of a deployment', () => {
  const flow = madeFlow(madeSource((a) => writeBatches(a, 1)));
  const [instrument] = flow.instruments;
  const snapshot = {
    plugin: lots.plugin.id,
    version: lots.plugin.version,
    machineHash: 'of another statechart',
    machine: null,
    timers: [],
    sensor: null,
  };
  const planOf = (after: FlowGraph, of: Partial<typeof snapshot>, quarantined = false) =>
    planNodes(flow, after, instrument!, (id) =>
      id === 'lots' ? { snapshot: { ...snapshot, ...of }, quarantined } : null,
    );

  it('resets a node whose statechart changed, and says why', () => {
    expect(planOf(flow, {})).toMatchObject([
      { node: 'lots', fate: 'reset', reason: expect.stringContaining('its statechart changed') },
    ]);
  });

  it('starts a node anew that had failed', () => {
    expect(planOf(flow, {}, true)).toMatchObject([{ node: 'lots', fate: 'reset' }]);
  });

  it('names the parameters that change', () => {
    const [name, value] = Object.entries(lots.config)[0]!;
    const after = withNodes(flow, {
      ...lots,
      config: { ...lots.config, [name]: Number(value) + 1 },
    });
    expect(planOf(after, {})[0]?.changes).toEqual([
      `${name} ${String(value)} → ${Number(value) + 1}`,
    ]);
  });

  it('finds a moved node by its old key', () => {
    const after = { ...withNodes(flow, { ...lots, id: 'big' }), moved: { lots: 'big' } };
    expect(planOf(after, {})).toMatchObject([{ node: 'big', was: 'lots', fate: 'reset' }]);
  });
});
