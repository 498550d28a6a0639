import type { JournalRecord } from '../contracts/journal.ts';
import type { TransitionInfo } from '../runtime/transitions.ts';

/** Returns whether a transition's event, `*` and `value.*` included, takes an event of this name. */
export function takesEvent(descriptor: string, event: string): boolean {
  if (descriptor === '*' || descriptor === event) return true;
  if (!descriptor.endsWith('.*')) return false;
  const stem = descriptor.slice(0, -2);
  return event === stem || event.startsWith(`${stem}.`);
}

/** XState names a timer's event after its delay, its machine and the path of the state that set it. */
function isTimerOf(event: string, { event: name, source }: TransitionInfo): boolean {
  const stem = `xstate.after.${name.slice('after '.length)}.`;
  if (!event.startsWith(stem)) return false;
  const rest = event.slice(stem.length);
  const dot = rest.indexOf('.');
  return source === '(root)' ? dot < 0 : dot >= 0 && rest.slice(dot + 1) === source;
}

/** Returns whether a macrostep began with the event a transition waits for; eventless ones wait for none. */
export function isAskedBy(record: JournalRecord, info: TransitionInfo): boolean {
  if (info.kind === 'always') return false;
  if (info.kind === 'after') return isTimerOf(record.event.type, info);
  return takesEvent(info.event, record.event.type);
}

/** Returns whether a state, written as in the journal, is `path` or inside it. */
export function isInState(state: string, path: string): boolean {
  return (
    path === '(root)' ||
    state.split(',').some((part) => part === path || part.startsWith(`${path}.`))
  );
}

/** Returns whether state `path` is `ancestor` or inside it. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === '(root)' || path === ancestor || path.startsWith(`${ancestor}.`);
}
