import type { Commit, Log } from '../runtime/ports.ts';

/**
 * Returns a log that behaves as `log` and tells of each commit of its tasks, after it was made. With `keep` false the
 * commits are told of but not written: for a replay that only reports.
 */
export function watchCommits(log: Log, keep: boolean, told: (commit: Commit) => void): Log {
  return {
    kind: log.kind,
    logId: log.logId,
    append: (partition, records, resume) => log.append(partition, records, resume),
    resumeOf: (source, partition) => log.resumeOf(source, partition),
    read: (topic, partition, from, limit) => log.read(topic, partition, from, limit),
    end: (topic, partition) => log.end(topic, partition),
    topics: () => log.topics(),
    trim: (topic, partition, before) => log.trim(topic, partition, before),
    close: () => log.close(),
    openTask: async (taskId, partition, topics) => {
      const task = await log.openTask(taskId, partition, topics);
      return {
        state: task.state,
        read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
        commit: async (commit) => {
          if (keep) await task.commit(commit);
          told(commit);
        },
        close: () => task.close(),
      };
    },
  };
}
