import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { seedsInThreads } from './stats-seeds.ts';

describe('shuffled days in threads', () => {
  it('say which error ended a thread', async () => {
    const task = {
      cwd: tmpdir(),
      env: {},
      file: 'nowhere.flow.yaml',
      params: [],
      environment: null,
      symbol: 'ES',
      files: [],
      plan: {},
    };
    await expect(seedsInThreads(task as never, [1], 1, () => {})).rejects.toMatchObject({
      code: 'OF_STATS_WORKER',
    });
  });
});
