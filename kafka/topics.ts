import { OrderflowError } from '#engine';

/** What Kafka takes, without `_`: in its metrics `a_b` and `a.b` are one topic. */
const topicName = /^[A-Za-z0-9][A-Za-z0-9.-]{0,248}$/;

/**
 * Refuses a topic name that some backend could not hold, so that a flow runs on all of them or on none.
 *
 * @throws {OF_LOG_RECORD} when the name has other characters or more than 249 of them.
 */
export function checkTopic(topic: string): void {
  if (topicName.test(topic)) return;
  const expected = 'up to 249 letters, digits, dots and hyphens';
  throw new OrderflowError('OF_LOG_RECORD', { owner: topic, field: 'topic', expected, was: topic });
}
