import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import type { JournalDay, JournalEntry } from '#engine/cli/desk.ts';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { OutcomeChapter, SignalChapter } from './chapters.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const ts = 1_763_564_400_000_000;
const entry = (chapter: JournalEntry['chapter'], at: number): JournalEntry => ({
  ts: at,
  node: 'eighty',
  port: chapter,
  chapter,
  payload: { setup: 'eighty', triggeredAt: ts, side: 'long', result: 'target' },
});
const day = {
  tradeDate: '2025-11-19',
  isToday: false,
  chapters: ['signal', 'outcome'],
  entries: [entry('signal', ts), entry('outcome', ts + 5_000_000)],
} as unknown as JournalDay;

it.each([
  ['signal', SignalChapter, ts],
  ['outcome', OutcomeChapter, ts + 5_000_000],
] as const)('a %s leads to its machine as it was at that moment', (_, Chapter, at) => {
  const html = renderToString(
    <LiveStoreProvider store={new LiveStore()}>
      <Chapter day={day} zone="America/New_York" decimals={2} />
    </LiveStoreProvider>,
  );
  expect(html).toContain(`href="/machines/eighty?time=${at}"`);
});
