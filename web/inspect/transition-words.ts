import { sayEvent } from '#engine/inspect/say-why.ts';
import { namedLeaf, type TransitionInfo } from '#engine/runtime/transitions.ts';

/** Returns what a transition waits for, as people say it. */
export function eventWords({ event, kind }: TransitionInfo): string {
  return kind === 'always' ? 'at once' : sayEvent(event);
}

/** Returns why it is taken, else the name of its guard in words; null for one without, or whose guard has no name. */
export function conditionWords(info: TransitionInfo): string | null {
  if (info.why !== null) return info.why;
  return info.guard === null || info.guard === 'expr' ? null : namedLeaf(info).text;
}
