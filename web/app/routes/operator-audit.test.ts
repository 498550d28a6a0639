import type { ActionFunctionArgs } from '@remix-run/node';
import { describe, expect, it } from 'vitest';
import { LiveEngine } from '#engine/cli/live-engine.ts';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { findInstrument } from '#engine/market/instrument.ts';
import type { Log } from '#engine/runtime/ports.ts';
import { Projector } from '#engine/store/projector.ts';
import { answer } from '#engine/store/queries.ts';
import { StoreSession } from '#engine/store/store-session.ts';
import { inMemory } from '#engine/store/target.ts';
import { openMemoryLog } from '#kafka';
import { AlertBook } from '../../gateway/alert-book.ts';
import { action as acknowledge } from './api.alerts.ts';
import { action as command } from './api.command.ts';
import { action as flows } from './api.flows.ts';

const now = 1_763_994_600_000_000;
const instrument = findInstrument('ES');

/** A run whose market can be paced, as far as commands look at it. */
function runOn(log: Log) {
  const engine = new LiveEngine({ wallClock: () => 5, flowFile: 'a.flow.yaml', home: 'data' });
  const outcomes = ['deployed', 'rolled back'];
  const change = new AbortController();
  const market = { outcome: 'running', target: null, lastAt: null, change };
  Object.assign(engine.control, { canPace: true, markets: new Map([['ES', market]]) });
  Object.assign(engine, {
    log,
    graph: { name: 'made', zone: 'America/New_York', instruments: [instrument] },
    desk: {
      read: () => ({ id: 'made' }),
      deploy: async (_: string, text: string) =>
        text === ''
          ? { ok: false, reason: 'the flow has mistakes', disk: null }
          : {
              ...{ ok: true, sha: 'abc', records: [] },
              version: {
                ...{ number: 3, at: 1, sha: 'abc', flowVersion: '1.0.1', hash: 'h' },
                what: outcomes.shift(),
              },
            },
    },
  });
  const task = { symbol: 'ES', runner: { task: { clock: { now }, instrument } } };
  engine.tasks.set('ES', task as unknown as LiveTask);
  const notices: string[] = [];
  const refusals: string[] = [];
  const alerts = new AlertBook(() => 1);
  const feed = {
    alerts,
    notice: (text: string) => notices.push(text),
    refused: (name: string, reason: string) => refusals.push(`${name}: ${reason}`),
  };
  const context = { engine, feed, actor: 'operator at 127.0.0.1' };
  const ask = (action: typeof command, body: object): Promise<Response> => {
    const request = new Request('http://localhost/api', {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return action({ request, context } as unknown as ActionFunctionArgs);
  };
  return { engine, notices, refusals, alerts, ask };
}

/** Returns the audit of a log as the store shows it, oldest first. */
async function auditOf(log: Log) {
  const session = await StoreSession.open(inMemory);
  try {
    const projector = new Projector({ log, session, partitions: [instrument.number] });
    await projector.open();
    await projector.catchUp();
    return (await answer(session.em(), 'audit', {})).toReversed();
  } finally {
    await session.close();
  }
}

describe('the audit of operators', () => {
  it('has who held the market or changed the flow, when, and what was refused', async () => {
    const log = openMemoryLog();
    const { engine, refusals, ask } = runOn(log);
    expect((await ask(command, { command: 'pause' })).status).toBe(200);
    expect(engine.control.state().state).toBe('paused');
    await ask(command, { command: 'resume' });
    await ask(command, { command: 'pace', pace: 10 });
    await ask(command, { command: 'jump', to: now + 1 });
    expect((await ask(command, { command: 'jump', to: now })).status).toBe(409);
    const deploy = { kind: 'deploy', id: 'made', base: 'b'.repeat(64) };
    for (const text of ['flow: made', 'flow: made', '']) await ask(flows, { ...deploy, text });
    expect(refusals).toEqual([
      'market.jump: that moment is past',
      'flow.deploy made: the flow has mistakes',
    ]);
    const rows = await auditOf(log);
    expect(rows.map((row) => [row.command, row.outcome, row.reason])).toEqual([
      ['market.pause', 'done', null],
      ['market.resume', 'done', null],
      ['market.pace', 'done', null],
      ['market.jump', 'done', null],
      ['market.jump', 'refused', 'that moment is past'],
      ['flow.deploy', 'done', null],
      ['flow.rollback', 'done', null],
      ['flow.deploy', 'refused', 'the flow has mistakes'],
    ]);
    for (const row of rows)
      expect(row).toMatchObject({
        ...{ topic: 'control.commands', instrument: 'ES', actor: 'operator at 127.0.0.1' },
        ...{ ts: now, at: Math.round((performance.timeOrigin + 5) * 1_000) },
      });
    expect(rows[2]?.record).toMatchObject({ asked: { pace: 10 } });
    expect(rows[6]?.record).toMatchObject({ asked: { flow: 'made', version: 3, sha: 'abc' } });
    expect(new Set(rows.map(({ key }) => key)).size).toBe(8);
  });

  it('has one effect of two windows that ask at once, and tells the second', async () => {
    const log = openMemoryLog();
    const { notices, ask } = runOn(log);
    const alreadyOf = async (body: object): Promise<unknown> =>
      ((await (await ask(command, body)).json()) as { readonly already: unknown }).already;
    for (const [body, already] of [
      [{ command: 'pause' }, 'paused already'],
      [{ command: 'resume' }, 'going on already'],
      [{ command: 'pace', pace: 10 }, 'at 10× already'],
      [{ command: 'jump', to: now + 1 }, 'hurrying to an event already'],
    ] as const) {
      expect(await alreadyOf(body)).toBeNull();
      expect(await alreadyOf(body)).toBe(already);
    }
    // A speed ends a jump, so it does something though the speed is the same.
    expect(await alreadyOf({ command: 'pace', pace: 10 })).toBeNull();
    expect(notices).toHaveLength(5);
    expect((await auditOf(log)).filter(({ outcome }) => outcome === 'refused')).toHaveLength(4);
  });

  it('has who saw an alarm, once', async () => {
    const log = openMemoryLog();
    const { alerts, ask } = runOn(log);
    for (const text of ['one', 'two']) alerts.add({ kind: 'feed', level: 'alarm', text });
    expect((await ask(acknowledge, { id: 0 })).status).toBe(400);
    expect((await ask(acknowledge, { id: 1, through: 2 })).status).toBe(400);
    expect(await (await ask(acknowledge, { through: 1 })).json()).toEqual({ count: 1 });
    expect(await (await ask(acknowledge, { through: 1 })).json()).toEqual({ count: 0 });
    expect(alerts.value.open).toBe(1);
    const rows = await auditOf(log);
    expect(rows.map(({ command: name, actor }) => `${name} ${actor}`)).toEqual([
      'alerts.acknowledge operator at 127.0.0.1',
    ]);
  });

  it('says what it could not write, and the market is held all the same', async () => {
    const log = openMemoryLog();
    const { engine, notices, ask } = runOn(log);
    await log.close();
    expect((await ask(command, { command: 'pause' })).status).toBe(200);
    expect(engine.control.state().state).toBe('paused');
    expect(notices).toEqual([
      'market paused',
      expect.stringMatching(/^market.pause is not in the audit: OF_LOG_CLOSED/),
    ]);
  });
});
