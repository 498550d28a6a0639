import { wordsOf } from '../center/words.ts';

/** A state in plain words; the regions of a parallel machine one after the other. */
export function stateWords(state: string): string {
  if (state === '') return 'not started';
  return state.split(',').map(wordsOf).join(' · ');
}

/** The regions that a macrostep changed, before and after; the others stand as they were. */
export function changedStates(
  from: string,
  to: string,
): { readonly from: string; readonly to: string } {
  const [before, after] = [from.split(','), to.split(',')];
  const left = before.filter((part) => !after.includes(part));
  const entered = after.filter((part) => !before.includes(part));
  return entered.length === 0 ? { from, to } : { from: left.join(','), to: entered.join(',') };
}
