import { expect, it } from 'vitest';
import { probeSchema } from '../contracts/journal.ts';
import { largeLot } from '../testing/large-lot.ts';
import { MadeRun } from './inspect-fixture.ts';

it('reads windows of probes, and passes over what an earlier version wrote', () => {
  const run = new MadeRun([{ id: 'lots', plugin: largeLot }]);
  const { history } = run.recording;
  const before = history.data(false).probes('lots').length;
  const reading = { node: 'lots', probe: 'size', value: 60, needed: 100, unit: 'contract' };
  const topic = `${history.data(false).graph.name}.probes`;
  history.add({ topic, schema: 'probe/1', value: JSON.stringify({ ts: 1, ...reading }) });
  expect(history.data(false).probes('lots')).toHaveLength(before);
  history.add({ topic, schema: probeSchema, value: JSON.stringify({ ts: 2, probes: [reading] }) });
  expect(history.data(false).probes('lots')).toHaveLength(before + 1);
});
