import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { Alert } from '../../live/alerts.ts';
import { textIn } from '../center/made-window.tsx';
import { AlertTable } from './alert-table.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const letter: Alert = {
  ...{ id: 4, kind: 'node-out', level: 'alarm', symbol: 'NQ', node: 'eighty', seq: 9, times: 3 },
  ...{ ts: 1_763_996_400_000_000, at: 1_763_996_400_000, code: 'OF_EMIT_PORT' },
  text: 'OF_EMIT_PORT: no such port',
  acknowledged: null,
};

function draw(alerts: readonly Alert[], obstacle: string | null = null): string {
  const machines = ['eighty'];
  const more = { machines, obstacle, acknowledge: () => {}, zone: 'America/New_York' };
  return renderToString(<AlertTable alerts={alerts} {...more} />).replaceAll('&amp;', '&');
}

describe('the table of alerts', () => {
  it('has time, instrument, the moment in the inspector of that instrument, and the code', () => {
    const html = draw([letter]);
    expect(textIn(html)).toMatch(/Mon 24 Nov 10:00:00 NQ eighty OF_EMIT_PORT: .* · 3 times/);
    expect(html).toContain('/machines/eighty?time=1763996400000000&instrument=NQ');
    expect(html).toContain('/help/codes#OF_EMIT_PORT');
    expect(html).toContain('/help/alerts#node-out');
    expect(html).toContain('aria-label="Acknowledge: node out 4"');
    // Both clocks say the same.
    expect(html).not.toContain('computer:');
  });

  it('names the clock of the computer where the market runs at another time', () => {
    expect(textIn(draw([{ ...letter, at: 0 }]))).toContain('computer: Wed 31 Dec 19:00:00');
  });

  it('says who saw it, and offers nothing any more', () => {
    const html = draw([
      { ...letter, acknowledged: { by: 'operator at ::1', at: 1_763_996_460_000 } },
    ]);
    expect(textIn(html)).toContain('seen 10:01:00 by operator at ::1');
    expect(html).not.toContain('<button');
  });

  it('leads nowhere for a node without a machine, and offers nothing to a viewer', () => {
    const html = draw([{ ...letter, node: 'vwap' }], 'a viewer looks and changes nothing');
    expect(html).not.toContain('/machines/');
    expect(html).toContain('disabled=""');
  });
});
