import type { Commit, Log, TaskLog } from '../runtime/ports.ts';

/** A log that behaves as another but for what is given. */
function changedLog(log: Log, changes: Partial<Pick<Log, 'append' | 'openTask'>>): Log {
  return {
    kind: log.kind,
    logId: log.logId,
    append: (partition, records, resume) => log.append(partition, records, resume),
    resumeOf: (source, partition) => log.resumeOf(source, partition),
    openTask: (taskId, partition, topics) => log.openTask(taskId, partition, topics),
    read: (topic, partition, from, limit) => log.read(topic, partition, from, limit),
    end: (topic, partition) => log.end(topic, partition),
    topics: () => log.topics(),
    ...(log.sizes ? { sizes: log.sizes.bind(log) } : {}),
    trim: (topic, partition, before) => log.trim(topic, partition, before),
    close: () => log.close(),
    ...changes,
  };
}

/** Returns a log that behaves as `log`, whose tasks are handed out as `wrap` makes them. */
export function watchTasks(log: Log, wrap: (taskId: string, task: TaskLog) => TaskLog): Log {
  return changedLog(log, {
    openTask: async (taskId, partition, topics) =>
      wrap(taskId, await log.openTask(taskId, partition, topics)),
  });
}

/**
 * Returns a log that behaves as `log` and tells of each commit of its tasks, after it was made. With `keep` false the
 * commits are told of but not written: for a replay that only reports.
 */
export function watchCommits(log: Log, keep: boolean, told: (commit: Commit) => void): Log {
  return watchTasks(log, (_, task) => ({
    state: task.state,
    read: (positions, limit, waitMs) => task.read(positions, limit, waitMs),
    commit: async (commit) => {
      if (keep) await task.commit(commit);
      told(commit);
    },
    close: () => task.close(),
  }));
}

/** Returns a log that behaves as `log` and tells the event time of the last record of each append, after it was made. */
export function watchAppends(log: Log, told: (ts: number) => void): Log {
  return changedLog(log, {
    append: async (partition, records, resume) => {
      await log.append(partition, records, resume);
      const last = records.at(-1);
      if (last) told(last.ts);
    },
  });
}
