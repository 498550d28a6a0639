import { createRequire } from 'node:module';

import { isOrderflowError, OrderflowError } from '#engine';

import { type Broker, errorType } from './kafka-client.ts';
import { spread } from './kafka-spread.ts';
import type { Wire } from './kafka-wire.ts';

interface Membership {
  readonly groupId: string;
  readonly memberId: string;
}

/** A broker as the coordinator of a group. */
interface Coordinator extends Broker {
  joinGroup(request: {
    readonly groupId: string;
    readonly sessionTimeout: number;
    readonly rebalanceTimeout: number;
    readonly memberId: string;
    readonly groupProtocols: readonly { readonly name: string; readonly metadata: Buffer }[];
  }): Promise<{
    readonly generationId: number;
    readonly leaderId: string;
    readonly memberId: string;
    readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
  }>;
  syncGroup(
    request: Membership & {
      readonly generationId: number;
      readonly groupAssignment: readonly {
        readonly memberId: string;
        readonly memberAssignment: Buffer;
      }[];
    },
  ): Promise<{ readonly memberAssignment: Buffer }>;
  heartbeat(request: Membership & { readonly groupGenerationId: number }): Promise<unknown>;
  leaveGroup(request: Membership): Promise<unknown>;
  offsetCommit(
    request: Membership & {
      readonly groupGenerationId: number;
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    },
  ): Promise<unknown>;
}

/** How far a member is in one partition. */
interface GroupPosition {
  /** As Kafka names it. */
  readonly topic: string;
  readonly partition: number;
  /** Next offset to read. */
  readonly offset: number;
}

/** Which group is joined, and what is shared out in it. */
export interface GroupOptions {
  readonly group: string;
  /** The topic whose partitions are shared out, as Kafka names it; for tools that show groups. */
  readonly topic: string;
  readonly partitions: readonly number[];
  /** Milliseconds of silence after which a member counts as dead. */
  readonly sessionMs: number;
}

/** Who takes and gives back partitions. */
export interface GroupHandlers {
  /** From now on this member has these partitions, and no others. */
  assigned(partitions: readonly number[], generation: number): void;
  /** The group shares out anew. Resolves when nothing of what this member had is at work any more. */
  released(): Promise<void>;
  /** Returns how far this member is, for tools that show what a group has not read yet. Nothing is resumed from it. */
  positions(): readonly GroupPosition[];
}

const require = createRequire(import.meta.url);
const { MemberMetadata, MemberAssignment } = require('kafkajs/src/consumer/assignerProtocol') as {
  MemberMetadata: {
    encode(value: { version: number; topics: readonly string[]; userData: Buffer }): Buffer;
    decode(buffer: Buffer): { readonly userData: Buffer };
  };
  MemberAssignment: {
    encode(value: {
      version: number;
      assignment: Readonly<Record<string, readonly number[]>>;
      userData: Buffer;
    }): Buffer;
    decode(buffer: Buffer): { readonly assignment: Readonly<Record<string, number[]>> } | null;
  };
};

const protocol = 'orderflow-spread';
const heartbeatMs = 500;
/** How often the group is told how far this member is. */
const positionsMs = 5_000;
/** How long the group waits for a member to give back what it had. */
const rebalanceMs = 15_000;
/** How long this member tries to give back in order; what then is still at work is fenced by whoever gets it. */
const releaseMs = 10_000;
/** How long a farewell may take. */
const farewellMs = 5_000;
/** Errors after which a member begins anew, as somebody else. */
const lostTypes = ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'];
const rebalanceTypes = ['REBALANCE_IN_PROGRESS', ...lostTypes];

interface Generation {
  readonly id: number;
  readonly memberId: string;
}

/**
 * A member of a group of workers. The group only says who has which partition; no data comes through it. A member stops
 * what it has before it joins anew, so that two never work on one partition while both are alive; a member that was
 * thought dead is fenced by whoever opens its tasks.
 */
export class GroupMember {
  readonly #options: GroupOptions;
  readonly #handlers: GroupHandlers;
  readonly #wire: Wire;
  #generation: Generation | null = null;
  #memberId = '';
  #owned: readonly number[] = [];

  /** @param wire - Of this member alone: a broker holds back everything behind a join until all members have joined. */
  constructor(wire: Wire, options: GroupOptions, handlers: GroupHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#wire = wire;
  }

  /**
   * Takes part until the signal, then gives everything back and leaves.
   *
   * @throws {OF_KAFKA_UNREACHABLE} when the group cannot be reached for as long as the wire has patience.
   */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const generation = await this.#join();
        if (signal.aborted) break;
        if (!generation) continue;
        this.#handlers.assigned(this.#owned, generation.id);
        await this.#stay(generation, signal);
        await this.#release(generation);
      }
    } finally {
      await this.#release(this.#generation);
      await this.#leave();
    }
  }

  /** Asks the group whether this member still is one of the generation that was given its partitions. */
  async isMember(): Promise<boolean> {
    const generation = this.#generation;
    return generation !== null && (await this.#beat(generation));
  }

  /** Joins and learns what this member has; null when the group shares out anew meanwhile. */
  async #join(): Promise<Generation | null> {
    const { group, topic, sessionMs } = this.#options;
    const userData = Buffer.from(JSON.stringify({ owned: this.#owned }));
    const metadata = MemberMetadata.encode({ version: 0, topics: [topic], userData });
    try {
      const joined = await this.#ask((broker) =>
        broker.joinGroup({
          groupId: group,
          sessionTimeout: sessionMs,
          rebalanceTimeout: rebalanceMs,
          memberId: this.#memberId,
          groupProtocols: [{ name: protocol, metadata }],
        }),
      );
      this.#memberId = joined.memberId;
      const generation = { id: joined.generationId, memberId: joined.memberId };
      const isLeader = joined.leaderId === joined.memberId;
      const { memberAssignment } = await this.#ask((broker) =>
        broker.syncGroup({
          groupId: group,
          generationId: generation.id,
          memberId: generation.memberId,
          groupAssignment: isLeader ? this.#share(joined.members) : [],
        }),
      );
      this.#owned = MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? [];
      this.#generation = generation;
      return generation;
    } catch (error) {
      if (lostTypes.includes(this.#refusal(error))) this.#memberId = '';
      return null;
    }
  }

  #share(
    members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[],
  ): readonly { readonly memberId: string; readonly memberAssignment: Buffer }[] {
    const { topic, partitions } = this.#options;
    const shares = spread(
      partitions,
      members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        owned: ownedIn(MemberMetadata.decode(memberMetadata).userData),
      })),
    );
    return members.map(({ memberId }) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({
        version: 0,
        assignment: { [topic]: shares.get(memberId) ?? [] },
        userData: Buffer.alloc(0),
      }),
    }));
  }

  /** Stays until the group shares out anew, or the signal. */
  async #stay(generation: Generation, signal: AbortSignal): Promise<void> {
    let toldAt = performance.now();
    while (!signal.aborted && (await this.#beat(generation))) {
      if (performance.now() - toldAt > positionsMs) {
        toldAt = performance.now();
        await this.#tell(generation);
      }
      await pause(heartbeatMs, signal);
    }
  }

  /** Tells the group how far this member is. Nobody resumes from it, so it may fail. */
  async #tell({ id, memberId }: Generation): Promise<void> {
    const topics = new Map<string, { partition: number; offset: string }[]>();
    for (const { topic, partition, offset } of this.#handlers.positions()) {
      const list = topics.get(topic) ?? [];
      topics.set(topic, list);
      list.push({ partition, offset: String(offset) });
    }
    if (topics.size === 0) return;
    const request = {
      groupId: this.#options.group,
      groupGenerationId: id,
      memberId,
      topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
    };
    try {
      await this.#ask((broker) => broker.offsetCommit(request), heartbeatMs);
    } catch (error) {
      if (!(error instanceof OrderflowError)) throw error;
    }
  }

  /** Returns whether the generation is still the group's. */
  async #beat(generation: Generation): Promise<boolean> {
    try {
      await this.#ask(this.#heartbeat(generation));
      return true;
    } catch (error) {
      this.#forget(generation, this.#refusal(error));
      return false;
    }
  }

  #heartbeat({ id, memberId }: Generation): (broker: Coordinator) => Promise<unknown> {
    const { group } = this.#options;
    return (broker) => broker.heartbeat({ groupId: group, groupGenerationId: id, memberId });
  }

  /** Returns why the group refused this member, where that only means to join anew; throws any other error. */
  #refusal(error: unknown): string {
    const type = isOrderflowError(error, 'OF_KAFKA_REFUSED') ? errorType(error.cause) : '';
    if (!rebalanceTypes.includes(type)) throw error;
    return type;
  }

  /** Forgets a generation that the group has left behind. An answer may be late: then there is a newer one already. */
  #forget(generation: Generation, type: string): void {
    if (this.#generation !== generation) return;
    this.#generation = null;
    if (lostTypes.includes(type)) this.#memberId = '';
  }

  /** Gives everything back. A group that does not hear of this member for a while would give it to others before. */
  async #release(generation: Generation | null): Promise<void> {
    const stop = new AbortController();
    if (generation) void this.#keepAlive(generation, stop.signal);
    await Promise.race([this.#handlers.released(), pause(releaseMs, stop.signal)]);
    stop.abort();
  }

  async #keepAlive(generation: Generation, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Whatever the answer is: what has to be done about it is being done.
      await this.#ask(this.#heartbeat(generation), heartbeatMs).catch(() => {});
      await pause(heartbeatMs, signal);
    }
  }

  async #leave(): Promise<void> {
    const { group } = this.#options;
    const memberId = this.#memberId;
    this.#generation = null;
    try {
      if (memberId !== '')
        await this.#ask((broker) => broker.leaveGroup({ groupId: group, memberId }), farewellMs);
    } catch (error) {
      // Whoever cannot say farewell is missed after a while.
      if (!(error instanceof OrderflowError)) throw error;
    } finally {
      await this.#wire.close();
    }
  }

  #ask<T>(ask: (broker: Coordinator) => Promise<T>, patienceMs?: number): Promise<T> {
    return this.#wire.groupCoordinator(
      this.#options.group,
      (broker) => ask(broker as Coordinator),
      patienceMs,
    );
  }
}

function ownedIn(userData: Buffer): readonly number[] {
  try {
    return (JSON.parse(userData.toString('utf8')) as { readonly owned: readonly number[] }).owned;
  } catch {
    // A member of another build: it keeps nothing.
    return [];
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
