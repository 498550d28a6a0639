import { expect, test } from 'vitest';

import { openMemoryLog } from './index.ts';
import { describeLog } from './log.conformance.ts';

describeLog('memory', async () => {
  const log = openMemoryLog();
  return { log, dispose: () => log.close() };
});

test('bytes are kept, not copied', async () => {
  const log = openMemoryLog();
  const value = Uint8Array.of(1, 2, 3);
  await log.append(0, [
    { topic: 'market.data', key: 'ES', ts: 0, schema: 'market-batch/1', value },
  ]);
  expect((await log.read('market.data', 0, 0, 1))[0]?.value).toBe(value);
});

test('two logs have two ids', () => {
  expect(openMemoryLog().logId).not.toBe(openMemoryLog().logId);
});
