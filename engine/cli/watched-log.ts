import type { Commit, Log, TaskLog } from '../runtime/ports.ts';

/**
 * Returns a log that behaves as `log` and tells of each commit of its tasks, after it was made. With `keep` false the
 * commits are told of but not written: a replay that only reports.
 */
export function watchCommits(log: Log, keep: boolean, told: (taskId: string, commit: Commit) => void): Log {
  const watched: Log = Object.create(log) as Log;
  return Object.assign(watched, {
    openTask: async (taskId: string, partition: number, topics: readonly string[]): Promise<TaskLog> => {
      const task = await log.openTask(taskId, partition, topics);
      return {
        state: task.state,
        read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
        commit: async (commit) => {
          if (keep) await task.commit(commit);
          told(taskId, commit);
        },
        close: () => task.close(),
      };
    },
  });
}
