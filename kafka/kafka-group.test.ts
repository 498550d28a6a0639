import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { OrderflowError } from '#engine';

import { joinKafkaGroup } from './index.ts';
import { freshOptions, testBrokers } from './kafka.conformance.ts';
import { GroupMember } from './kafka-group.ts';
import type { Wire } from './kafka-wire.ts';

const { MemberAssignment } = createRequire(import.meta.url)(
  'kafkajs/src/consumer/assignerProtocol',
) as { MemberAssignment: { encode(value: object): Buffer } };

const options = { group: 'g', topic: 't', partitions: [0], sessionMs: 6_000 };

interface Beat {
  readonly groupGenerationId: number;
}

/** A group of one member, whose heartbeats are answered as a test says: with the type of an error, or well. */
class GroupDouble {
  generation = 0;
  isClosed = false;
  readonly beats: number[] = [];
  readonly #answer: (beat: Beat) => Promise<string> | string;

  constructor(answer: (beat: Beat) => Promise<string> | string) {
    this.#answer = answer;
  }

  get wire(): Wire {
    const coordinator = {
      joinGroup: async () => {
        this.generation += 1;
        return { generationId: this.generation, leaderId: 'l', memberId: 'm', members: [] };
      },
      syncGroup: async () => ({
        memberAssignment: MemberAssignment.encode({
          version: 0,
          assignment: { t: [0] },
          userData: Buffer.alloc(0),
        }),
      }),
      heartbeat: async (beat: Beat) => {
        this.beats.push(beat.groupGenerationId);
        const type = await this.#answer(beat);
        if (type !== '') throw refused(type);
      },
      leaveGroup: async () => {},
    };
    return {
      groupCoordinator: (_group: string, ask: (to: unknown) => Promise<unknown>) =>
        ask(coordinator),
      close: async () => void (this.isClosed = true),
    } as unknown as Wire;
  }
}

function refused(type: string): OrderflowError {
  const cause = Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type });
  return new OrderflowError(
    'OF_KAFKA_REFUSED',
    { brokers: 'b', what: 'group g', cause: type },
    { cause },
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5);
}

const idle = { released: async () => {}, positions: () => [] };

test('a late answer about an old generation leaves the newer one alone', async () => {
  const stop = new AbortController();
  const given: number[] = [];
  let answerLate: (type: string) => void = () => {};
  const late = new Promise<string>((resolve) => (answerLate = resolve));
  let beats = 0;
  const group = new GroupDouble(({ groupGenerationId }) => {
    if (groupGenerationId > 1) return '';
    beats += 1;
    if (beats === 2) return late;
    return beats === 1 ? '' : 'REBALANCE_IN_PROGRESS';
  });
  const member = new GroupMember(group.wire, options, {
    ...idle,
    assigned: (_, generation) => void given.push(generation),
  });
  const running = member.run(stop.signal);
  await until(() => beats === 1);
  const asked = member.isMember();
  await until(() => given.includes(2));
  answerLate('ILLEGAL_GENERATION');
  expect(await asked).toBe(false);
  expect(await member.isMember()).toBe(true);
  stop.abort();
  await running;
  expect(group.generation).toBe(2);
  expect(group.isClosed).toBe(true);
});

test('a member that takes its time to give back tells the group meanwhile that it is alive', async () => {
  const stop = new AbortController();
  const group = new GroupDouble(({ groupGenerationId }) =>
    groupGenerationId === 1 ? 'REBALANCE_IN_PROGRESS' : '',
  );
  let whileReleasing = 0;
  const member = new GroupMember(group.wire, options, {
    ...idle,
    released: async () => {
      const before = group.beats.length;
      if (group.generation === 1) await sleep(1_200);
      whileReleasing += group.beats.length - before;
    },
    assigned: (_, generation) => {
      if (generation === 2) stop.abort();
    },
  });
  await member.run(stop.signal);
  expect(whileReleasing).toBeGreaterThanOrEqual(2);
});

test('a group that is out of reach is given up after the patience that was set', async () => {
  const impatient = { brokers: ['127.0.0.1:1'], clientId: 'test', patienceMs: 50 };
  const member = joinKafkaGroup(impatient, options, { ...idle, assigned: () => {} });
  await expect(member.run(new AbortController().signal)).rejects.toThrow(/^OF_KAFKA_UNREACHABLE/);
});

test.skipIf(!testBrokers)(
  'who gives back for longer than a session lasts is waited for',
  { timeout: 60_000 },
  async () => {
    const cluster = freshOptions();
    const stop = new AbortController();
    const told: string[] = [];
    const memberOf = (name: string, releaseMs: number): Promise<void> =>
      joinKafkaGroup(
        cluster,
        { ...options, partitions: [0, 1] },
        {
          ...idle,
          assigned: (partitions) => void told.push(`${name} has ${partitions.join()}`),
          released: async () => {
            await sleep(stop.signal.aborted ? 0 : releaseMs);
            told.push(`${name} gave back`);
          },
        },
      ).run(stop.signal);
    const first = memberOf('first', 8_000);
    await until(() => told.includes('first has 0,1'));
    const second = memberOf('second', 0);
    await until(() => told.some((line) => line.startsWith('second has')));
    const gaveBack = told.indexOf('first gave back');
    expect(gaveBack).toBe(1);
    expect(told.findIndex((line) => line.startsWith('second has'))).toBeGreaterThan(gaveBack);
    stop.abort();
    await Promise.all([first, second]);
  },
);
