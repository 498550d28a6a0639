import type { Phase } from '#engine/market/session.ts';
import type { Alert } from '../live/alerts.ts';
import { ageText, isTooQuiet } from '../live/link-state.ts';
import type { FeedBeat } from '../live/wire.ts';

/** Where a feed stands, as far as a change of it is worth an alert. */
export type FeedWord = 'begins' | 'runs' | 'silent' | 'paused' | 'ended' | 'failed';

const words: Readonly<Record<FeedBeat['state'], FeedWord>> = {
  starting: 'begins',
  'catching-up': 'runs',
  running: 'runs',
  paused: 'paused',
  ended: 'ended',
  failed: 'failed',
};

/** Says where a feed stands in a phase of the trade day; null where that is not known, or does not matter. */
export function feedWord(beat: FeedBeat, phase: Phase | null): FeedWord {
  return isTooQuiet(beat, phase) ? 'silent' : words[beat.state];
}

type FeedAlert = Pick<Alert, 'level' | 'text'>;

/** The alert of a change from one word to another; null for none and for what goes as it should. */
export function feedAlert(
  { id, ageMs }: FeedBeat,
  before: FeedWord | null,
  now: FeedWord,
): FeedAlert | null {
  if (now === before) return null;
  switch (now) {
    case 'failed':
      return { level: 'alarm', text: `feed '${id}' failed` };
    case 'silent':
      return {
        level: 'alarm',
        text: `feed '${id}' was silent for ${ageText(ageMs ?? 0)}, longer than is usual at this time of the trade day`,
      };
    case 'paused':
      return { level: 'note', text: `feed '${id}' was paused` };
    case 'ended':
      return { level: 'note', text: `feed '${id}' has ended` };
    case 'runs':
      return before === null || before === 'begins'
        ? null
        : { level: 'note', text: `feed '${id}' goes on` };
    case 'begins':
      return null;
  }
}
