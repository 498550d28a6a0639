import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { NodeIo } from '../../live/node-io.ts';
import { textIn } from '../center/made-window.tsx';
import { PortRows } from './last-io.tsx';
import { PinnedCaseText } from './pinned-text.tsx';
import { rateText } from './rate-text.ts';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const ts = 1_763_996_400_000_000;
const io: NodeIo = {
  node: 'absorb',
  hasMachine: true,
  ins: [
    { port: 'tape', kind: 'market', from: 'market', ts, value: { last: 6003.25 }, note: null },
    {
      port: 'period',
      kind: 'event',
      from: 'bars.bar',
      ts,
      value: { at: { price: 1 } },
      note: null,
    },
    {
      port: 'look',
      kind: 'event',
      from: 'calendar 09:25',
      ts: null,
      value: null,
      note: 'at 09:25',
    },
  ],
  outs: [
    {
      port: 'signal',
      kind: 'event',
      from: null,
      ts: null,
      value: null,
      note: 'no record in the log',
    },
  ],
};

const draw = (of: NodeIo): string =>
  renderToString(<PortRows io={of} zone="America/New_York" pin={() => {}} />);

describe('what a node heard and said last', () => {
  it('is shown field by field with its time and wire, and said to be missing where it is', () => {
    const read = textIn(draw(io));
    expect(read).toContain('tape ← market Mon 24 Nov 10:00:00 ET last 6003.25');
    expect(read).toContain('at {"price":1}'.replaceAll('"', '&quot;'));
    expect(read).toContain('look ← calendar 09:25 pin');
    expect(read).toMatch(/Said last signal no record in the log/);
  });

  it('can be pinned where the journal has it: not the market, not without a machine', () => {
    expect(draw(io).match(/>pin</g)).toHaveLength(2);
    expect(draw({ ...io, hasMachine: false })).not.toContain('>pin<');
  });
});

describe('a pinned case', () => {
  const pinned = { text: '  - name: a\n', seq: 1, ts, failures: [] as string[] };

  it('says whether it holds, and where it goes', () => {
    const read = textIn(renderToString(<PinnedCaseText flow="mine" pinned={pinned} />));
    expect(read).toContain('✔ It holds against the flow that runs.');
    expect(read).toContain('mine.test.yaml');
    expect(read).toContain('Save as mine-pinned.test.yaml');
    const failures = ['state of absorb: expected a, was b'];
    const failed = renderToString(<PinnedCaseText flow="mine" pinned={{ ...pinned, failures }} />);
    expect(textIn(failed)).toContain('does not hold');
    expect(textIn(failed)).toContain('expected a, was b');
  });
});

describe('how much goes along a wire', () => {
  it('is a measured sum, or a dash', () => {
    const rates = { 'a.b': 0.4, 'a.c': 12.2 };
    expect(rateText(rates, ['a.b'])).toBe('0.4/s');
    expect(rateText(rates, ['a.b', 'a.c'])).toBe('13/s');
    expect(rateText(rates, ['a.d'])).toBe('–');
    expect(rateText(undefined, ['a.b'])).toBe('–');
  });
});
