import { isOrderflowError, OrderflowError } from '#engine';

import {
  type Broker,
  type Cluster,
  type ClusterOptions,
  errorType,
  failureOf,
  failureText,
  isOfKafka,
  newCluster,
} from './kafka-client.ts';

/** How long a failing request is tried again. */
export interface Patience {
  /** Milliseconds in all; two minutes when it is left out. */
  readonly patienceMs?: number;
}

interface Session {
  readonly cluster: Cluster;
  /** Node ids of the leaders by topic and partition. */
  readonly leaders: Map<string, ReadonlyMap<number, number>>;
  readonly coordinators: Map<string, number>;
}

const defaultPatienceMs = 120_000;
const firstPauseMs = 1;
const pauseGrowth = 1.4;
/** A transaction before this one is being finished: a matter of milliseconds. */
const longestPauseMs = 10;
/** A broker is away or moves: a matter of seconds. */
const longestAwayMs = 400;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Requests to a cluster that outlive restarts of brokers: each goes to whoever answers it now, until patience ends. */
export class Wire {
  readonly #options: ClusterOptions & Patience;
  #session: Promise<Session> | null = null;
  #isClosed = false;

  constructor(options: ClusterOptions & Patience) {
    this.#options = options;
  }

  /** Names the cluster in messages. */
  get name(): string {
    return this.#options.brokers.join(',');
  }

  /**
   * Asks the leader of a partition.
   *
   * @param patienceMs - How long to try, when that differs from the wire's own.
   * @throws {OF_KAFKA_UNREACHABLE} when nobody answered in time.
   * @throws {OF_KAFKA_REFUSED} when the answer was no.
   */
  leader<T>(
    topic: string,
    partition: number,
    ask: (broker: Broker) => Promise<T>,
    patienceMs?: number,
  ): Promise<T> {
    return this.#ask(
      `topic ${topic}`,
      (session) => this.#leader(session, topic, partition),
      ask,
      patienceMs,
    );
  }

  /** Asks the leaders of several places at once, each for its own. Throws as {@link leader} does. */
  leaders<P extends { readonly topic: string; readonly partition: number }, T>(
    places: readonly P[],
    ask: (broker: Broker, own: readonly P[]) => Promise<T>,
  ): Promise<readonly T[]> {
    return this.#ask(
      `topic ${places[0]?.topic ?? ''}`,
      async (session) => {
        const byBroker = new Map<Broker, P[]>();
        for (const place of places) {
          const broker = await this.#leader(session, place.topic, place.partition);
          const own = byBroker.get(broker);
          if (own) own.push(place);
          else byBroker.set(broker, [place]);
        }
        return byBroker;
      },
      (byBroker) => Promise.all([...byBroker].map(([broker, own]) => ask(broker, own))),
    );
  }

  /** Asks the coordinator of a transactional id. Throws as {@link leader} does. */
  coordinator<T>(
    transactionalId: string,
    ask: (broker: Broker) => Promise<T>,
    patienceMs?: number,
  ): Promise<T> {
    const find = (session: Session): Promise<Broker> =>
      this.#coordinator(session, transactionalId, 1);
    return this.#ask(`transactions of ${transactionalId}`, find, ask, patienceMs);
  }

  /** Asks the coordinator of a group of workers. Throws as {@link leader} does. */
  groupCoordinator<T>(
    groupId: string,
    ask: (broker: Broker) => Promise<T>,
    patienceMs?: number,
  ): Promise<T> {
    const find = (session: Session): Promise<Broker> => this.#coordinator(session, groupId, 0);
    return this.#ask(`group ${groupId}`, find, ask, patienceMs);
  }

  /** Asks the broker that makes topics. Throws as {@link leader} does. */
  controller<T>(ask: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#ask('topics', ({ cluster }) => cluster.findControllerBroker(), ask);
  }

  /** Asks any broker. Throws as {@link leader} does. */
  any<T>(ask: (broker: Broker) => Promise<T>, patienceMs?: number): Promise<T> {
    return this.#ask(
      'cluster',
      ({ cluster }) => cluster.brokerPool.findConnectedBroker(),
      ask,
      patienceMs,
    );
  }

  /** Returns the partitions of a topic, 0 when there is no such topic. */
  async partitionsOf(topic: string): Promise<number> {
    return this.#ask(
      `topic ${topic}`,
      async (session) => session,
      (session) => this.#leaders(session, topic),
    ).then((leaders) => leaders.size);
  }

  /** Forgets where a topic is, after it was made or grown. */
  async forget(topic: string): Promise<void> {
    const session = await this.#session;
    session?.leaders.delete(topic);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop();
  }

  async #leader(session: Session, topic: string, partition: number): Promise<Broker> {
    const nodeId = (await this.#leaders(session, topic)).get(partition);
    // Not there yet on this broker, though another one has made it.
    if (nodeId === undefined || nodeId < 0)
      throw Object.assign(new Error(`no leader of ${topic} ${partition}`), {
        type: 'LEADER_NOT_AVAILABLE',
      });
    return session.cluster.findBroker({ nodeId });
  }

  /** @param coordinatorType - 0 for a group, 1 for a transactional id. */
  async #coordinator(
    { cluster, coordinators }: Session,
    id: string,
    coordinatorType: 0 | 1,
  ): Promise<Broker> {
    const key = `${coordinatorType}/${id}`;
    let nodeId = coordinators.get(key);
    if (nodeId === undefined) {
      const any = await cluster.brokerPool.findConnectedBroker();
      const found = await any.findGroupCoordinator({ groupId: id, coordinatorType });
      nodeId = found.coordinator.nodeId;
      coordinators.set(key, nodeId);
    }
    return cluster.findBroker({ nodeId });
  }

  async #leaders(
    { cluster, leaders }: Session,
    topic: string,
  ): Promise<ReadonlyMap<number, number>> {
    const known = leaders.get(topic);
    if (known) return known;
    const any = await cluster.brokerPool.findConnectedBroker();
    try {
      const { topicMetadata } = await any.metadata([topic]);
      const partitions = topicMetadata[0]?.partitionMetadata ?? [];
      const found = new Map(partitions.map(({ partitionId, leader }) => [partitionId, leader]));
      leaders.set(topic, found);
      return found;
    } catch (error) {
      if (errorType(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return new Map();
      throw error;
    }
  }

  async #ask<B, T>(
    what: string,
    find: (session: Session) => Promise<B>,
    ask: (broker: B) => Promise<T>,
    patienceMs = this.#options.patienceMs ?? defaultPatienceMs,
  ): Promise<T> {
    const until = performance.now() + patienceMs;
    for (let pauseMs = firstPauseMs; ; pauseMs *= pauseGrowth) {
      if (this.#isClosed) throw new OrderflowError('OF_LOG_CLOSED', { log: `kafka ${this.name}` });
      const opening = (this.#session ??= this.#open());
      try {
        return await ask(await find(await opening));
      } catch (error) {
        if (this.#isClosed || isOrderflowError(error) || !isRequestFailure(error)) throw error;
        const isAway = await this.#recover(error, opening, what);
        const waitMs = Math.min(pauseMs, isAway ? longestAwayMs : longestPauseMs);
        if (performance.now() + waitMs > until) throw this.#unreachable(error, patienceMs);
        await sleep(waitMs);
      }
    }
  }

  /** Makes ready for another try; returns whether somebody is away. */
  async #recover(error: unknown, opening: Promise<Session>, what: string): Promise<boolean> {
    const failure = failureOf(error);
    if (failure === 'again') return false;
    if (failure === 'moved') {
      const session = await opening;
      session.leaders.clear();
      session.coordinators.clear();
      return true;
    }
    if (failure === 'lost') {
      // Another request of the same connections may have dropped them already.
      if (this.#session === opening) await this.#drop();
      return true;
    }
    if (failure === 'fenced') throw error;
    throw new OrderflowError(
      'OF_KAFKA_REFUSED',
      { brokers: this.name, what, cause: failureText(error) },
      { cause: error },
    );
  }

  #unreachable(error: unknown, patienceMs: number): OrderflowError {
    const facts = {
      brokers: this.name,
      seconds: Math.round(patienceMs / 1000),
      cause: failureText(error),
    };
    return new OrderflowError('OF_KAFKA_UNREACHABLE', facts, { cause: error });
  }

  async #open(): Promise<Session> {
    const cluster = newCluster(this.#options);
    try {
      await cluster.connect();
      await cluster.refreshMetadata();
    } catch (error) {
      void cluster.disconnect().catch(() => {});
      throw error;
    }
    return { cluster, leaders: new Map(), coordinators: new Map() };
  }

  async #drop(): Promise<void> {
    const opening = this.#session;
    this.#session = null;
    if (!opening) return;
    const cluster = await opening.then((session) => session.cluster).catch(() => null);
    // A connection that has died in silence answers a farewell late or never.
    void cluster?.disconnect().catch(() => {});
  }
}

function isRequestFailure(error: unknown): boolean {
  return isOfKafka(error) || errorType(error) !== '';
}
