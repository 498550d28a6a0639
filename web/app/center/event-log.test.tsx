import { describe, expect, it, vi } from 'vitest';
import type { LiveEvent } from '../../live/wire.ts';
import { EventLog } from './event-log.tsx';
import { clock, draw, live, textIn } from './made-window.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const signal: Omit<LiveEvent, 's'> = {
  ...{ type: 'signal', ts: clock.now, node: 'eighty', port: 'signal', seq: 7 },
  payload: { side: 'long' },
};

describe('the log of a window', () => {
  it('marks what happened to another instrument, and leads to its reason there', () => {
    const store = live({});
    const ev = [
      { ...signal, s: 1 },
      { ...signal, s: 2, symbol: 'NQ' },
    ];
    store.takeFrame({ kind: 'frame', n: 1, asOf: 1, t1: {}, lists: {}, gone: [], ev, lost: 0 }, 2);
    const html = draw(EventLog, store).replaceAll('&amp;', '&');
    expect(textIn(html)).toContain('NQ eighty signal long');
    expect(html).toContain('/machines/eighty?tab=why&at=7&instrument=NQ');
    expect(html).toContain('"/machines/eighty?tab=why&at=7"');
    expect(textIn(html).match(/NQ/g)).toHaveLength(1);
  });
});
