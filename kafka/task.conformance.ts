import { expect, test } from 'vitest';
import type { Log, TaskLog } from '#engine/runtime/ports.ts';
import { codeOf, market, output, readAll, seqsOf, signals } from './records.conformance.ts';

/** Holds the tasks of a log to the port: what a commit is, and who may make one. */
export function describeTasks(current: { log: Log }): void {
  describeCommits(current);
  describeFencing(current);
}

function describeCommits(current: { log: Log }): void {
  test('outputs and state of a commit are there together', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    expect(task.state.size).toBe(0);
    await task.commit({
      outputs: [output(1), output(2)],
      state: [{ key: '@task', value: '{"seq":2}' }],
    });
    expect(seqsOf(await readAll(log, signals, 0))).toEqual([1, 2]);
    const next = await log.openTask('pro-course.ES', 0, [market]);
    expect([...next.state]).toEqual([['@task', '{"seq":2}']]);
  });

  test('a commit that is refused leaves nothing', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    await task.commit({ outputs: [output(1)], state: [{ key: 'a', value: '1' }] });
    const bad = { ...output(3), ts: 0.5 };
    const commit = {
      outputs: [output(2), { ...output(2), topic: 'new.topic' }, bad],
      state: [{ key: 'a', value: '2' }],
    };
    expect(await codeOf(task.commit(commit))).toBe('OF_LOG_RECORD');
    expect(seqsOf(await readAll(log, signals, 0))).toEqual([1]);
    expect(await log.topics()).toEqual([signals]);
    await task.commit({ outputs: [output(4)], state: [] });
    expect(seqsOf(await readAll(log, signals, 0))).toEqual([1, 4]);
    expect((await log.openTask('pro-course.ES', 0, [market])).state.get('a')).toBe('1');
  });

  test('a null deletes a key, a later write of one commit wins', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    const state = ['a', 'b', 'c'].map((key) => ({ key, value: `"${key}"` }));
    await task.commit({ outputs: [], state });
    const changes = [
      { key: 'a', value: null },
      { key: 'b', value: '1' },
      { key: 'b', value: '2' },
      { key: 'z', value: null },
    ];
    await task.commit({ outputs: [], state: changes });
    const next = await log.openTask('pro-course.ES', 0, [market]);
    expect([...next.state].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual([
      ['b', '2'],
      ['c', '"c"'],
    ]);
  });

  test('an empty commit writes nothing', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    await task.commit({ outputs: [], state: [] });
    expect(await log.topics()).toEqual([]);
  });

  test('a commit of 10,000 outputs is written whole and in order', async () => {
    const { log } = current;
    const task = await log.openTask('pro-course.ES', 0, [market]);
    const outputs = Array.from({ length: 10_000 }, (_, i) => output(i));
    await task.commit({ outputs, state: [{ key: '@task', value: '"x"'.repeat(50_000) }] });
    const back = await readAll(log, signals, 0);
    expect(seqsOf(back)).toEqual(outputs.map(({ seq }) => seq));
    expect(back.every(({ offset }, i) => i === 0 || offset > back[i - 1]!.offset)).toBe(true);
  });
}

function describeFencing(current: { log: Log }): void {
  test('opening a task fences its older handle, whose commit leaves nothing', async () => {
    const { log } = current;
    const zombie = await log.openTask('pro-course.ES', 0, [market]);
    await zombie.commit({ outputs: [output(1)], state: [{ key: 'n', value: '1' }] });
    const successor = await log.openTask('pro-course.ES', 0, [market]);
    expect(successor.state.get('n')).toBe('1');
    const late = {
      outputs: [output(2)],
      state: [
        { key: 'n', value: '2' },
        { key: 'late', value: '2' },
      ],
    };
    expect(await codeOf(zombie.commit(late))).toBe('OF_LOG_FENCED');
    expect(await codeOf(zombie.commit({ outputs: [], state: [] }))).toBe('OF_LOG_FENCED');
    expect(seqsOf(await readAll(log, signals, 0))).toEqual([1]);
    await successor.commit({ outputs: [output(3)], state: [] });
    const third = await log.openTask('pro-course.ES', 0, [market]);
    expect([...third.state]).toEqual([['n', '1']]);
    expect(seqsOf(await readAll(log, signals, 0))).toEqual([1, 3]);
  });

  test('tasks of other flows and partitions are not fenced, and keep their own state', async () => {
    const { log } = current;
    const tasks = [
      await log.openTask('pro-course.ES', 0, [market]),
      await log.openTask('pro-course.ES', 1, [market]),
      await log.openTask('first-steps.ES', 0, [market]),
    ];
    for (const [i, task] of tasks.entries())
      await task.commit({ outputs: [], state: [{ key: 'n', value: `${i}` }] });
    expect((await log.openTask('pro-course.ES', 1, [market])).state.get('n')).toBe('1');
  });

  test('of handles opened at random, only the newest of a task ever commits', async () => {
    const { log } = current;
    const handles: TaskLog[] = [];
    let committed = 0;
    for (let step = 1; step <= 60; step += 1) {
      if (step % 4 === 1) handles.push(await log.openTask('pro-course.ES', 0, [market]));
      const handle = handles[(step * 7) % handles.length]!;
      const commit = { outputs: [output(step)], state: [{ key: 'n', value: `${step}` }] };
      const code = await codeOf(handle.commit(commit));
      expect(code).toBe(handle === handles.at(-1) ? '' : 'OF_LOG_FENCED');
      if (code === '') committed = step;
    }
    expect((await readAll(log, signals, 0)).at(-1)?.seq).toBe(committed);
    expect((await log.openTask('pro-course.ES', 0, [market])).state.get('n')).toBe(`${committed}`);
  });
}
