import { describe, expect, it, vi } from 'vitest';
import { jumpTarget, nextEvent } from './market-controls.tsx';
import { describe as describeState, standOf } from './setups.tsx';

vi.mock('@remix-run/react', () => ({ Link: () => null, useRouteLoaderData: () => undefined }));

const second = 1_000_000;
const chart = { initial: 'waiting', finals: ['expired'] };

describe('where a setup stands', () => {
  it('is told by its chart and its last signal', () => {
    expect(standOf(chart, 'waiting', null, 0)).toBe('idle');
    expect(standOf(chart, 'armed', null, 0)).toBe('building');
    expect(standOf(chart, 'expired', null, 0)).toBe('over');
    expect(standOf(chart, 'expired', 100 * second, 399 * second)).toBe('ready');
    expect(standOf(chart, 'expired', 100 * second, 401 * second)).toBe('over');
  });

  it('is described region by region, and not at all where nobody wrote a sentence', () => {
    const descriptions = { 'high.quiet': 'Nothing above.', 'low.failed': 'The low failed.' };
    expect(describeState({ descriptions }, 'high.quiet,low.failed')).toBe(
      'Nothing above. The low failed.',
    );
    expect(describeState({ descriptions }, 'unknown')).toBe('');
  });
});

describe('the jump of a simulated market', () => {
  const clock = {
    now: 0,
    phase: 'overnight' as const,
    tradeDate: 20251124,
    open: 0,
    close: 0,
    rthOpen: null,
    rthEnd: null,
  };

  it('leads to the next change of phase that is worth it', () => {
    const next = [
      { ts: 5, phase: 'halt' as const },
      { ts: 9, phase: 'rth-opening' as const },
      { ts: 12, phase: 'post-rth' as const },
    ];
    expect(nextEvent({ ...clock, next })).toEqual({ ts: 9, text: 'RTH opens' });
    expect(nextEvent({ ...clock, next: [{ ts: 20, phase: 'closed' }] })).toBeNull();
  });

  it('ends two seconds of watching before the event, and at the event where that is nearer', () => {
    expect(jumpTarget(1_000 * second, 0, 60)).toBe(880 * second);
    expect(jumpTarget(1_000 * second, 0, 1)).toBe(995 * second);
    expect(jumpTarget(1_000 * second, 999 * second, 60)).toBe(1_000 * second);
    expect(jumpTarget(1_000 * second, 879 * second, 60)).toBe(1_000 * second);
    expect(jumpTarget(3_000 * second, 1_000 * second, 600)).toBe(1_800 * second);
  });
});
