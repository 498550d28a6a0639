import { setTimeout as sleep } from 'node:timers/promises';

import { OrderflowError } from '#engine';

import { type Broker, errorType, type SettingEntry } from './kafka-client.ts';
import { highestOf } from './kafka-reader.ts';
import type { Wire } from './kafka-wire.ts';

/** What a topic should be like on a cluster. */
export interface TopicPlan {
  /** Name without the prefix. */
  readonly topic: string;
  readonly partitions: number;
  /** Kafka's topic settings. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What a topic is like on the cluster. */
export interface TopicFound {
  readonly topic: string;
  readonly partitions: number;
  readonly settings: Readonly<Record<string, string>>;
}

/** Where a topic of the cluster is not as planned. */
export interface TopicDrift {
  readonly topic: string;
  /** `partitions`, or the name of a setting. */
  readonly setting: string;
  readonly expected: string;
  readonly was: string;
}

/** Topics that the log keeps for itself, by what is in them. */
export const ownTopics = { order: 'log.order', resume: 'log.resume', meta: 'log.meta' } as const;

/** Largest record: state of a node, a batch of bars. */
const maxRecordBytes = 10 * 2 ** 20;
const dayMs = 24 * 3_600_000;
/** Where nobody says for how long: enough to replay a composite of thirty sessions. */
const usualDays = 60;
const timeout = 30_000;
const settleMs = 5_000;
const askMs = 20;
/** Source of a setting that was made for this topic, as the protocol numbers it. */
const topicsOwn = 1;

const everyTopic = {
  'max.message.bytes': String(maxRecordBytes),
  // Event time may be years ago, in a replay; what is kept depends on when it was written.
  'message.timestamp.type': 'LogAppendTime',
};
/** Settings of a topic of records; null days: for ever. */
const keptFor = (days: number | null) => ({
  ...everyTopic,
  'cleanup.policy': 'delete',
  'retention.ms': days === null ? '-1' : String(days * dayMs),
});
/** Only segments that are full are compacted: small ones keep a start from reading old state. */
const latestOfKey = {
  ...everyTopic,
  'cleanup.policy': 'compact',
  'segment.bytes': String(16 * 2 ** 20),
  'min.cleanable.dirty.ratio': '0.2',
};

/** Returns the topic of a task's compacted state: `<flow>.state`. The last word of a task's id is its instrument. */
export function stateTopicOf(taskId: string): { readonly topic: string; readonly owner: string } {
  const words = taskId.split('.');
  const owner = words.pop() ?? '';
  return { topic: `${words.join('-')}.state`, owner };
}

/** Returns whether the log keeps a topic for itself, so that it holds no records of the port. */
export function isOwnTopic(topic: string): boolean {
  return topic.startsWith('log.') || /^[^.]+\.state$/.test(topic);
}

/**
 * Returns what a topic should be like: partitions are instruments, state is compacted, records are kept as long as was
 * said, else facts and commands for ever and the others for sixty days. Tables are never compacted: DECISIONS 84.
 */
function planOf(topic: string, partitions: number, keptDays?: number | null): TopicPlan {
  if (topic === ownTopics.meta) return { topic, partitions: 1, settings: latestOfKey };
  if (topic === ownTopics.resume || /^[^.]+\.state$/.test(topic))
    return { topic, partitions, settings: latestOfKey };
  const isFact =
    topic === 'broker.facts' || topic === 'control.commands' || topic.endsWith('.dead-letters');
  const days = keptDays === undefined ? (isFact ? null : usualDays) : keptDays;
  return { topic, partitions, settings: keptFor(days) };
}

/** The topics of a cluster that begin with a prefix. Names are given and returned without it. */
export class KafkaTopics {
  /** Topics that the log keeps for itself. */
  readonly own: readonly string[] = Object.values(ownTopics);
  readonly #wire: Wire;
  readonly #prefix: string;
  /** Days that topics are kept, as their contracts say; null: for ever. */
  readonly #keptDays = new Map<string, number | null>();
  readonly #partitions: number;
  readonly #replicas: number | null;
  readonly #ensured = new Map<string, number>();

  constructor(
    wire: Wire,
    options: { readonly prefix: string; readonly partitions: number; readonly replicas?: number },
  ) {
    this.#wire = wire;
    this.#prefix = options.prefix;
    this.#partitions = options.partitions;
    this.#replicas = options.replicas ?? null;
  }

  /** Says for how many days topics are kept; null: for ever. It counts for plans from now on. */
  declare(kept: readonly { readonly topic: string; readonly keptDays: number | null }[]): void {
    for (const { topic, keptDays } of kept) this.#keptDays.set(topic, keptDays);
  }

  #planOf(topic: string, partitions = this.#partitions): TopicPlan {
    return planOf(topic, partitions, this.#keptDays.get(topic));
  }

  /** Returns the name that Kafka knows. */
  nameOf(topic: string): string {
    return this.#prefix + topic;
  }

  /** Makes topics that are absent, and gives those with too few partitions more. */
  async ensure(topics: readonly string[], partition: number): Promise<void> {
    const unknown = [...new Set(topics)].filter(
      (topic) => (this.#ensured.get(topic) ?? 0) <= partition,
    );
    if (unknown.length === 0) return;
    const found = await Promise.all(unknown.map((topic) => this.partitionsOf(topic)));
    const absent = unknown.filter((_, i) => found[i] === 0);
    if (absent.length > 0)
      await this.create(
        absent.map((topic) => this.#planOf(topic, Math.max(this.#partitions, partition + 1))),
      );
    const small = unknown.filter((_, i) => found[i] !== 0 && (found[i] ?? 0) <= partition);
    for (const topic of small) await this.#grow(topic, partition + 1);
    for (const topic of unknown) this.#ensured.set(topic, await this.partitionsOf(topic));
  }

  /** Returns the partitions of a topic; 0 when there is no such topic. */
  async partitionsOf(topic: string): Promise<number> {
    return this.#wire.partitionsOf(this.nameOf(topic));
  }

  /** Returns whether a topic has a partition; asked anew when it was not there, for others make topics too. */
  async has(topic: string, partition: number): Promise<boolean> {
    if ((await this.partitionsOf(topic)) > partition) return true;
    await this.#wire.forget(this.nameOf(topic));
    return (await this.partitionsOf(topic)) > partition;
  }

  /** Returns the names of all topics of the prefix, ascending. */
  async list(): Promise<readonly string[]> {
    const { topicMetadata } = await this.#wire.any((broker) => broker.metadata([]));
    return topicMetadata
      .map(({ topic }) => topic)
      .filter((topic) => topic.startsWith(this.#prefix) && !topic.startsWith('__'))
      .map((topic) => topic.slice(this.#prefix.length))
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /** Returns how topics are set up; absent ones are left out. */
  async describe(topics: readonly string[]): Promise<readonly TopicFound[]> {
    const found: TopicFound[] = [];
    for (const topic of topics) {
      const partitions = await this.#wire.partitionsOf(this.nameOf(topic));
      if (partitions === 0) continue;
      found.push({ topic, partitions, settings: await this.#settingsOf(topic) });
    }
    return found;
  }

  /** Returns where topics differ from their plan; an absent one has 0 partitions. */
  async drift(topics: readonly string[]): Promise<readonly TopicDrift[]> {
    const found = new Map((await this.describe(topics)).map((one) => [one.topic, one]));
    return topics.flatMap((topic) => {
      const plan = this.#planOf(topic);
      const was = found.get(topic);
      const partitions = was?.partitions ?? 0;
      const fewer =
        partitions < plan.partitions
          ? [{ topic, setting: 'partitions', expected: `${plan.partitions}`, was: `${partitions}` }]
          : [];
      if (!was) return fewer;
      const others = Object.entries(plan.settings)
        .filter(([name, value]) => was.settings[name] !== value)
        .map(([setting, expected]) => ({
          topic,
          setting,
          expected,
          was: was.settings[setting] ?? '',
        }));
      return [...fewer, ...others];
    });
  }

  /** Makes topics; one that another process has made by now is fine. */
  async create(plans: readonly TopicPlan[]): Promise<void> {
    const replicas = this.#replicas ?? (await this.#replicasByDefault());
    await this.#wire.controller((broker) =>
      unlessDone('TOPIC_ALREADY_EXISTS', () =>
        broker.createTopics({
          topics: plans.map(({ topic, partitions, settings }) => ({
            topic: this.nameOf(topic),
            numPartitions: partitions,
            replicationFactor: replicas,
            configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
          })),
          timeout,
        }),
      ),
    );
    for (const { topic, partitions } of plans) await this.#appears(topic, partitions);
  }

  /**
   * Makes absent topics, adds partitions and corrects settings, until topics are as planned.
   *
   * @throws {OF_KAFKA_REFUSED} when this program may not change them.
   */
  async repair(topics: readonly string[]): Promise<void> {
    const ofOne = topics.filter((topic) => this.#planOf(topic).partitions === 1);
    await this.ensure(ofOne, 0);
    await this.ensure(
      topics.filter((topic) => !ofOne.includes(topic)),
      this.#partitions - 1,
    );
    for (const topic of new Set((await this.drift(topics)).map((drift) => drift.topic)))
      await this.#configure(topic);
  }

  /** Deletes topics with everything they hold. */
  async remove(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    await this.#wire.controller((broker) =>
      unlessDone('UNKNOWN_TOPIC_OR_PARTITION', () =>
        broker.deleteTopics({ topics: topics.map((topic) => this.nameOf(topic)), timeout }),
      ),
    );
    for (const topic of topics) {
      this.#ensured.delete(topic);
      await this.#wire.forget(this.nameOf(topic));
    }
  }

  /** Sets what the plan says. Settings that somebody gave the topic beside it stay: those left out would be reset. */
  async #configure(topic: string): Promise<void> {
    const own = (await this.#entriesOf(topic)).filter((entry) => entry.configSource === topicsOwn);
    const settings = {
      ...Object.fromEntries(own.map((entry) => [entry.configName, entry.configValue ?? ''])),
      ...this.#planOf(topic).settings,
    };
    const resource = {
      type: 2,
      name: this.nameOf(topic),
      configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
    } as const;
    await this.#wire.controller((broker) =>
      broker.alterConfigs({ resources: [resource], validateOnly: false }),
    );
    // The controller answers first, the brokers learn of it after.
    const until = performance.now() + settleMs;
    while (performance.now() < until) {
      const now = await this.#settingsOf(topic);
      if (Object.entries(settings).every(([name, value]) => now[name] === value)) return;
      await sleep(askMs);
    }
  }

  async #grow(topic: string, count: number): Promise<void> {
    await this.#wire.controller((broker: Broker) =>
      unlessDone('INVALID_PARTITIONS', () =>
        broker.createPartitions({
          topicPartitions: [{ topic: this.nameOf(topic), count }],
          timeout,
        }),
      ),
    );
    await this.#appears(topic, count);
  }

  /**
   * Waits until a topic can be written: the one that made it answers first, others learn of it, and some moments later the
   * leader takes the partition on. A transaction that comes before is refused as a whole.
   */
  async #appears(topic: string, count = 1): Promise<void> {
    const name = this.nameOf(topic);
    await this.#wire.forget(name);
    await highestOf(this.#wire, { topic: name, partition: count - 1 });
  }

  async #settingsOf(topic: string): Promise<Readonly<Record<string, string>>> {
    const entries = await this.#entriesOf(topic);
    return Object.fromEntries(
      entries.map(({ configName, configValue }) => [configName, configValue ?? '']),
    );
  }

  async #entriesOf(topic: string): Promise<readonly SettingEntry[]> {
    const resource = { type: 2, name: this.nameOf(topic), configNames: [] } as const;
    const { resources } = await this.#wire.any((broker) =>
      broker.describeConfigs({ resources: [resource] }),
    );
    return resources[0]?.configEntries ?? [];
  }

  /** Three copies where there are three brokers. */
  async #replicasByDefault(): Promise<number> {
    const { brokers } = await this.#wire.any((broker) => broker.metadata([]));
    return Math.min(3, Math.max(1, brokers.length));
  }
}

/** Runs an action of the controller; that it was done already is no error. */
async function unlessDone(type: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const { errors = [error as Error] } = error as { readonly errors?: readonly Error[] };
    const other = errors.find((one) => errorType(one) !== type);
    if (other !== undefined) throw other;
  }
}

/** Throws when a prefix is none that Kafka takes in a topic's name. */
export function checkPrefix(prefix: string): void {
  if (/^[A-Za-z0-9.-]{0,100}$/.test(prefix)) return;
  throw new OrderflowError('OF_KAFKA_OPTION', {
    name: 'KAFKA_PREFIX',
    expected: 'letters, digits, dots and hyphens',
    was: prefix,
  });
}
