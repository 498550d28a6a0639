import { expect, test } from 'vitest';

import { KafkaTask, type TaskOptions } from './kafka-task.ts';

/** A task on a cluster that holds nothing of it; counts what it holds of the cluster. */
function optionsOf(start: () => Promise<void>): { options: TaskOptions; held: Set<string> } {
  const held = new Set(['wire', 'handle']);
  const options = {
    taskId: 'f.ES',
    partition: 0,
    wanted: [],
    wire: { close: async () => void held.delete('wire') },
    topics: { has: async () => false },
    producer: { start },
    closed: () => null,
    left: () => void held.delete('handle'),
  } as unknown as TaskOptions;
  return { options, held };
}

test('a handle that is closed is not held any longer', async () => {
  const { options, held } = optionsOf(async () => {});
  const task = await KafkaTask.open(options);
  expect(held.size).toBe(2);
  await task.close();
  expect([...held]).toEqual([]);
});

test('one that cannot be opened leaves no connection open', async () => {
  const { options, held } = optionsOf(async () => {
    throw new Error('the cluster is away');
  });
  await expect(KafkaTask.open(options)).rejects.toThrow('the cluster is away');
  expect(held.has('wire')).toBe(false);
});
