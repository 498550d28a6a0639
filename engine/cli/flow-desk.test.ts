import { afterEach, describe, expect, it } from 'vitest';
import { deploymentTopic } from '../contracts/deployment.ts';
import { Crash, FaultyLog } from '../faults/faulty-log.ts';
import { registryOfDoubles } from '../flow/plugin-doubles.ts';
import type { TaskRunner } from '../runtime/runner.ts';
import { Task } from '../runtime/task.ts';
import { Arguments } from './arguments.ts';
import { type Disk, disk } from './disk.ts';
import { FlowDesk } from './flow-desk.ts';
import { shaOf } from './flow-files.ts';
import { FolderHost } from './folder-host.ts';
import { HotReload } from './hot-reload.ts';
import { LiveEngine } from './live-engine.ts';
import type { LiveTask } from './live-task.ts';
import { checkFlow } from './load-flow.ts';

const flowText = `flow: mine
version: 1.0.0
instruments: [ES]
sources:
  market: { use: simulator@^1 }
nodes:
  session: { use: session@^1, in: { market: market } }
`;
const otherText = flowText.replace('session@^1,', 'session@^1, with: { gapSeconds: 5 },');
const file = 'flows/mine.flow.yaml';
const hosts: FolderHost[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) host.remove();
});

function deskWith(files: Readonly<Record<string, string>>) {
  const host = new FolderHost([], files);
  hosts.push(host);
  host.plugins = registryOfDoubles()
    .all()
    .map((plugin) => ({ plugin, file: `/plugins/${plugin.id}/plugin.ts` }));
  const engine = new LiveEngine({ wallClock: () => 0, flowFile: file, home: 'data' });
  const args = new Arguments('start', [], new Map());
  const reload = new HotReload();
  const desk = new FlowDesk({ host, args, flowFile: file, home: 'data', engine, reload, disk });
  return { host, engine, desk, args, reload };
}

const noDeployments = new FaultyLog();

/** Lets a deployment that is on its way succeed. */
function answerAll(reload: HotReload): void {
  const settle = Reflect.get(reload, 'settle') as (written: readonly unknown[]) => void;
  settle.call(reload, []);
}

/** A desk whose flow runs, as far as a plan can see. */
async function runningDesk(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
) {
  const made = deskWith(files);
  Object.assign(made.host.env, env);
  const { graph } = await checkFlow(made.host, file, made.args);
  if (!graph) throw new Error('the flow of the test has mistakes');
  made.engine.graph = graph;
  made.engine.status = 'running';
  const runner = { task: new Task(graph, graph.instruments[0]!) } as TaskRunner;
  made.engine.tasks.set('ES', { runner } as LiveTask);
  await made.desk.begin(graph, (checked) => checked, noDeployments);
  return made;
}

const reading = (variable: string): string =>
  flowText.replace('session@^1,', `session@^1, with: { gapSeconds: "\${env:${variable}}" },`);

describe('what a draft may read of the process', () => {
  const env = { HUNTER: 'hunter2', ORDERFLOW_FLOW_GAP: '7', LISTED: '8', GAP: '2711' };
  const deskIn = (more: Record<string, string>, onDisk = flowText) => {
    const made = deskWith({ [file]: onDisk });
    Object.assign(made.host.env, more);
    return made;
  };

  it.each([
    ['a variable of the process', reading('HUNTER')],
    ['one that is not set, which must not be told', reading('NOBODY')],
    ['one spelt in another way', reading('HUNTER').replace('env:', '\\u0065nv:')],
    ['one with a default', reading('HUNTER:5')],
  ])('is not %s', async (_, text) => {
    const { desk, host } = deskIn(env);
    const { lints, outline } = await desk.check('mine', text);
    expect(outline).toBeNull();
    expect(lints).toMatchObject([
      { code: 'WF070', fix: 'name it in ORDERFLOW_ENV_ALLOW', quickFix: null },
    ]);
    expect(await desk.save('mine', text, shaOf(flowText))).toMatchObject({ ok: false });
    expect(host.readText(file)).toBe(flowText);
    expect((await desk.test('mine', text)).problems).toEqual([
      'the flow has mistakes: mend them first',
    ]);
  });

  it('is not hidden in a text that is no YAML either', async () => {
    const { desk, host } = deskIn(env);
    const text = `${reading('HUNTER')}broken: [`;
    expect(await desk.save('mine', text, shaOf(flowText))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('may not read HUNTER'),
    });
    expect(host.readText(file)).toBe(flowText);
  });

  it.each([
    ['named for flows', reading('ORDERFLOW_FLOW_GAP'), {}, flowText],
    ['in the list', reading('LISTED'), { ORDERFLOW_ENV_ALLOW: 'OTHER, LISTED' }, flowText],
    ['in the file on disk already', reading('GAP'), {}, reading('GAP')],
  ])('is one that is %s', async (_, text, more, onDisk) => {
    const { desk } = deskIn({ ...env, ...more }, onDisk);
    expect((await desk.check('mine', text)).lints).toEqual([]);
    expect(await desk.save('mine', text, shaOf(onDisk))).toMatchObject({ ok: true });
  });

  it('is no file outside of its folder', async () => {
    const { desk, host } = deskWith({ [file]: flowText });
    host.write('secret.yaml', 'password: hunter2\n');
    const text = flowText.replace(/\{ use: session.*/, '{ use: ../secret.yaml }');
    const { lints } = await desk.check('mine', text);
    expect(lints.map(({ message }) => message)).toEqual([expect.stringMatching(/'secret.yaml'/)]);
    expect(JSON.stringify(lints)).not.toContain('hunter2');
  });

  it('is told by its name only, in plans and mistakes', async () => {
    const onDisk = reading('GAP');
    const { desk } = await runningDesk({ [file]: onDisk }, env);
    const plan = await desk.plan('mine', flowText);
    expect(plan.nodes).toMatchObject([{ changes: ['gapSeconds ${env:GAP} → 60'] }]);
    const text = onDisk.replace('gapSeconds: "', 'gapSeconds: "x');
    const { lints } = await desk.check('mine', text);
    expect(lints.map(({ code }) => code)).toEqual(['WF014']);
    expect(JSON.stringify([plan, lints])).not.toContain('2711');
  });
});

describe('the desk of flows', () => {
  it('lists the flows of the folder with what is wrong with each', async () => {
    const { desk } = deskWith({
      [file]: flowText,
      'flows/bad.flow.yaml': flowText.replace('session@', 'sesion@'),
      'flows/mine.test.yaml': 'flow: mine.flow.yaml\ncases: []\n',
    });
    expect(await desk.flows()).toMatchObject([
      { id: 'bad', errors: 1, isRunning: false, tests: [] },
      { id: 'mine', errors: 0, isRunning: true, nodes: 1, tests: ['flows/mine.test.yaml'] },
    ]);
  });

  it('reads nothing outside of its flows', () => {
    const { desk } = deskWith({ [file]: flowText, 'secret.flow.yaml': 'x' });
    expect(desk.read('../secret')).toBeNull();
    expect(desk.read('secret')).toBeNull();
  });

  it('checks a text as if it stood in the file, with what mends it', async () => {
    const { desk, host } = deskWith({ [file]: flowText });
    const { lints, outline } = await desk.check('mine', flowText.replace('session@', 'sesion@'));
    expect(outline).toBeNull();
    expect(lints).toMatchObject([{ code: 'WF001', quickFix: { insert: 'session' } }]);
    expect(host.readText(file)).toBe(flowText);
  });

  it('saves whole, keeps a version, and refuses a file that changed meanwhile', async () => {
    const { desk, host } = deskWith({ [file]: flowText });
    const saved = await desk.save('mine', otherText, shaOf(flowText));
    expect(saved).toMatchObject({ ok: true, version: { number: 1, what: 'saved' } });
    expect(host.readText(file)).toBe(otherText);
    expect(desk.versionText('mine', 1)).toBe(otherText);
    expect(desk.versionText('mine', 2)).toBeNull();
    const refused = await desk.save('mine', flowText, shaOf(flowText));
    expect(refused).toMatchObject({ ok: false, disk: { text: otherText } });
    expect(host.readText(file)).toBe(otherText);
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml']);
  });

  it('writes no file whose version it cannot keep', async () => {
    const { desk, host } = deskWith({ [file]: flowText, 'data/versions': 'stands in the way' });
    await expect(desk.save('mine', otherText, shaOf(flowText))).rejects.toThrow('OF_CLI_WRITE');
    expect(host.readText(file)).toBe(flowText);
  });

  it.each([
    ['was lost', ''],
    ['was cut off while it was written', '{"number":1,"what":"sav'],
  ])('writes over no version whose list %s', async (_, list) => {
    const { desk, host } = deskWith({
      [file]: flowText,
      'data/versions/mine/versions.ndjson': list,
      'data/versions/mine/1.flow.yaml': 'of before',
    });
    expect(await desk.save('mine', otherText, shaOf(flowText))).toMatchObject({ ok: true });
    expect(desk.versions('mine').map(({ number }) => number)).toEqual([2]);
    expect(host.readText('data/versions/mine/1.flow.yaml')).toBe('of before');
  });

  it('plans what becomes of each running node', async () => {
    const { desk } = await runningDesk({ [file]: flowText });
    expect(await desk.plan('mine', otherText)).toMatchObject({
      refusals: [],
      nodes: [{ node: 'session', fate: 'kept', changes: ['gapSeconds 60 → 5'] }],
    });
    const renamed = await desk.plan('mine', flowText.replace('  session:', '  day:'));
    expect(renamed.nodes.map(({ node, fate }) => [node, fate])).toEqual([
      ['day', 'new'],
      ['session', 'gone'],
    ]);
    expect(renamed.hints).toEqual([expect.stringContaining('moved: { session: day }')]);
  });

  it.each([
    ['another name', flowText.replace('flow: mine', 'flow: yours'), /another name is another flow/],
    ['another instrument', flowText.replace('[ES]', '[NQ]'), /start the flow anew/],
    [
      'another source',
      flowText.replace('simulator@^1', 'replay@^1, with: { files: [a] }'),
      /a log of its own/,
    ],
    ['mistakes', flowText.replace('session@', 'sesion@'), /mend them first/],
  ])('refuses to deploy %s', async (_, text, reason) => {
    const { desk, host } = await runningDesk({ [file]: flowText });
    const outcome = await desk.deploy('mine', text, shaOf(flowText));
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
    expect(host.readText(file)).toBe(flowText);
  });

  it('puts the old text back when the run does not take the new one', async () => {
    const { desk, host } = await runningDesk({ [file]: flowText });
    expect(await desk.deploy('mine', otherText, shaOf(flowText))).toMatchObject({
      ok: false,
      reason: 'no flow is running here',
    });
    expect(host.readText(file)).toBe(flowText);
    expect(desk.versions('mine').map(({ what }) => what)).toEqual(['started', 'refused']);
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml']);
  });

  it.each([
    ['failed', { ok: false, reason: 'it could not be done' }],
    ['went well', { ok: true, records: [] }],
  ] as const)('leaves a text alone that somebody wrote while a deployment %s', async (_, end) => {
    const { desk, host, reload } = await runningDesk({ [file]: flowText });
    const theirs = `${otherText}# theirs\n`;
    reload.request = async () => {
      host.write(file, theirs);
      return end;
    };
    expect(await desk.deploy('mine', otherText, shaOf(flowText))).toMatchObject({ ok: end.ok });
    expect(host.readText(file)).toBe(theirs);
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml']);
  });

  it('knows the text that runs, whatever is saved meanwhile', async () => {
    const { desk, host, reload } = await runningDesk({ [file]: flowText });
    expect(desk.running('mine')).toEqual({ text: flowText, sha: shaOf(flowText), number: 1 });
    expect(desk.running('yours')).toBeNull();
    await desk.save('mine', otherText, shaOf(flowText));
    expect(desk.running('mine')).toMatchObject({ text: flowText, number: 1 });
    await desk.deploy('mine', otherText, shaOf(otherText));
    expect(desk.running('mine')).toMatchObject({ text: flowText, number: 1 });
    reload.request = async () => ({ ok: true, records: [] });
    await desk.deploy('mine', otherText, shaOf(otherText));
    expect(desk.running('mine')).toMatchObject({ text: otherText, number: 4 });
    expect(host.readText(file)).toBe(otherText);
  });

  it('lets one of two windows deploy that try at once, and puts its text in the file', async () => {
    const { desk, host, reload } = await runningDesk({ [file]: flowText });
    const change = new AbortController();
    // As a run that is under way, which answers a little later.
    Object.assign(reload, { change });
    const theirs = `${otherText}# theirs\n`;
    change.signal.addEventListener('abort', () => setTimeout(() => answerAll(reload), 20));
    const outcomes = await Promise.all([
      desk.deploy('mine', otherText, shaOf(flowText)),
      desk.deploy('mine', theirs, shaOf(flowText)),
    ]);
    expect(outcomes).toMatchObject([
      { ok: true },
      { ok: false, reason: 'a deployment is on its way' },
    ]);
    expect(host.readText(file)).toBe(otherText);
    expect(desk.versions('mine').map(({ what }) => what)).toEqual(['started', 'deployed']);
  });

  it('says that a flow that does not run here can only be saved', async () => {
    const { desk } = deskWith({ [file]: flowText, 'flows/b.flow.yaml': flowText });
    expect((await desk.plan('b', flowText)).refusals).toEqual([
      expect.stringContaining('does not run here'),
    ]);
  });
});

/** A disk of a process that dies at its n-th step, before or after that took effect; from there on nothing is written. */
function dyingDisk(step: number, when: 'before' | 'after'): Disk {
  let steps = 0;
  const act = (change: () => void): void => {
    steps += 1;
    if (steps > step || (steps === step && when === 'before')) throw new Crash();
    change();
    if (steps === step) throw new Crash();
  };
  return {
    write: (path, text) => act(() => disk.write(path, text)),
    rename: (from, to) => act(() => disk.rename(from, to)),
    remove: (path) => act(() => disk.remove(path)),
  };
}

describe('a process that dies while it deploys', () => {
  // 1 is the text beside its file, 2 to 5 the version, 6 and 7 what became of it, 8 the file.
  const steps = [1, 2, 3, 4, 5, 6, 7, 8];
  const moments = steps.flatMap((step) => [
    [`before step ${step} on disk`, { step, when: 'before', dies: null }],
    [`after step ${step} on disk`, { step, when: 'after', dies: null }],
  ]) as [string, Death][];
  interface Death {
    readonly step: number;
    readonly when: 'before' | 'after';
    readonly dies: 'before' | 'after' | null;
  }

  it.each([
    ...moments,
    ['before the text takes over', { step: 99, when: 'before', dies: 'before' }] as const,
    ['after the text took over', { step: 99, when: 'before', dies: 'after' }] as const,
    ['when all is done', { step: 99, when: 'before', dies: null }] as const,
  ])('leaves a whole file and a list that is true: %s', async (_, { step, when, dies }) => {
    const log = new FaultyLog();
    const { host, engine, args, reload } = await runningDesk({ [file]: flowText });
    const { graph } = await checkFlow(host, file, args);
    const options = { host, engine, args, reload, flowFile: file, home: 'data' };
    let didTakeOver = false;
    reload.request = async ({ hash, name }) => {
      if (dies === 'before') throw new Crash();
      didTakeOver = true;
      const value = JSON.stringify({ hash });
      const topic = deploymentTopic(name);
      await log.append(graph!.instruments[0]!.number, [
        { topic, key: 'ES', ts: 1, schema: 'deployment/1', value },
      ]);
      if (dies === 'after') throw new Crash();
      return { ok: true, records: [] };
    };
    const dying = new FlowDesk({ ...options, disk: dyingDisk(step, when) });
    await dying.deploy('mine', otherText, shaOf(flowText)).catch(() => {});

    const text = host.readText(file);
    expect([flowText, otherText]).toContain(text);
    const next = new FlowDesk({ ...options, disk });
    const runs = (await checkFlow(host, file, args)).graph!;
    await next.begin(runs, (checked) => checked, log);
    const versions = next.versions('mine');
    const ofNew = versions.filter(({ sha }) => sha === shaOf(otherText));
    const ran = ofNew.some(({ what }) => what === 'deployed');
    expect(ran).toBe(didTakeOver);
    expect(versions.map(({ what }) => what)).not.toContain('taking over');
    // What runs from now on is the newest that ran.
    const newest = versions.findLast(({ what }) => what !== 'cut off');
    expect(newest?.sha).toBe(shaOf(text!));
    expect(next.versionText('mine', newest!.number)).toBe(text);
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml']);
    if (step > 8 && dies === null) expect(text).toBe(otherText);
  });
});
