import type { LinkState } from '../../live/link-state.ts';
import { useLink } from './use-live.tsx';

/** Why no command is given now: what it would act on is not what this window shows. Null when nothing is in the way. */
export function linkObstacle(state: LinkState): string | null {
  if (state === 'STALE') return 'refused: what this window shows is old';
  if (state === 'DOWN') return 'refused: the engine does not answer this window';
  return null;
}

/** Returns why this window gives no command now; null when it may. */
export function useLinkObstacle(): string | null {
  return linkObstacle(useLink().state);
}
