import { describe } from 'vitest';

import { makeKafkaLog, testBrokers } from './kafka.conformance.ts';
import { describeDurableLog, describeLog } from './log.conformance.ts';

describe.skipIf(!testBrokers)('on a real broker', { timeout: 60_000 }, () => {
  describeLog('kafka', makeKafkaLog);
  describeDurableLog('kafka', makeKafkaLog);
});
