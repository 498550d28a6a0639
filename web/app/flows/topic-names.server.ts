import type { TopicFact } from '#engine/cli/desk.ts';
import { contractTable, topicPorts } from '#engine/flow/contract-table.ts';
import type { TopicName } from './flow-names.ts';

/** Returns the topics a source may name: those every flow shares, and those of the log that hold events or tables. */
export function topicNames(topics: readonly TopicFact[]): readonly TopicName[] {
  const shared = Object.entries(topicPorts).map(([topic, ports]) => ({
    topic,
    kind: 'event' as const,
    contract: null,
    ports,
  }));
  const others = topics.flatMap(({ topic, kind, contract }): TopicName[] => {
    // Of a topic that the running flow does not know nobody knows what it holds.
    if (kind === 'market' || kind === 'log' || Object.hasOwn(topicPorts, topic)) return [];
    return [{ topic, kind: kind ?? 'event', contract, ports: null }];
  });
  return [...shared, ...others];
}

/** Ids of the contracts a flow may name, by that name. */
export const contractNames: Readonly<Record<string, string>> = Object.fromEntries(
  [...contractTable].map(([name, { id }]) => [name, id]),
);
