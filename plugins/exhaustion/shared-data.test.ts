import { expect, it } from 'vitest';
import { describeWithData, driveNode, feedShared } from '#engine/testing.ts';
import { plugin } from './plugin.ts';

const days = ['2013-09-03', '2013-09-04'];
const fileOf = (date: string): string =>
  `trades/ES_${date.replaceAll('-', '')}_ESU13_tickdata.csv.gz`;

describeWithData('exhaustion on two sessions of 2013', days.map(fileOf), () => {
  it('signals as often as the README says', () => {
    const counts = days.map((tradeDate) => {
      const run = driveNode(plugin, { tradeDate, explain: false });
      feedShared(run, fileOf(tradeDate));
      expect(run.errors).toEqual([]);
      return run.emits.length;
    });
    expect(counts).toEqual([1, 0]);
  });
});
