import type { Log } from '../runtime/ports.ts';

/** Where a topic of a cluster is not as planned. */
export interface TopicDrift {
  readonly topic: string;
  /** `partitions`, or the name of a setting. */
  readonly setting: string;
  readonly expected: string;
  readonly was: string;
}

/** How a cluster has a topic. */
export interface TopicFound {
  readonly topic: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** What a log on a cluster can say and do about its topics; a log in memory or in a folder has nothing of the kind. */
export interface TopicAdmin {
  /** Topics that the log keeps for itself. */
  readonly own: readonly string[];
  /** Says for how many days topics are kept; null: for ever. It counts for plans from now on. */
  declare(kept: readonly { readonly topic: string; readonly keptDays: number | null }[]): void;
  /** Returns how topics are set up; absent ones are left out. */
  describe(topics: readonly string[]): Promise<readonly TopicFound[]>;
  /** Returns where topics differ from their plan; an absent one has 0 partitions. */
  drift(topics: readonly string[]): Promise<readonly TopicDrift[]>;
  /** Makes absent topics, adds partitions and corrects settings. Throws what the cluster refuses. */
  repair(topics: readonly string[]): Promise<void>;
}

/** Returns the administration of a log's topics; null where the log has none. */
export function adminOf(log: Log): TopicAdmin | null {
  return 'topicAdmin' in log ? (log.topicAdmin as TopicAdmin) : null;
}

const msPerDay = 24 * 3_600_000;

/** Returns in words how long a cluster keeps the records of a topic. */
export function retentionText({ settings }: TopicFound): string {
  const policy = settings['cleanup.policy'] ?? 'delete';
  const ms = Number(settings['retention.ms'] ?? 'NaN');
  const time = Number.isNaN(ms) || ms < 0 ? 'for ever' : `${Math.round(ms / msPerDay)} days`;
  return policy.includes('compact') ? 'compacted' : time;
}
