import { useNavigation, useSearchParams } from '@remix-run/react';
import { useCallback, useEffect, useRef } from 'react';
import type { StepKeys } from '../../live/inspect.ts';
import { areCharactersOn, isTextField, readStep } from '../client/shortcuts.ts';
import { useGo } from '../client/use-instrument.ts';
import { stepAddress } from './address-at.ts';

/** Presses that wait for a page; more than that were a key that lay under something. */
const mostWaiting = 50;

/** Where a press leads from the moment that is on the page; null at an end. */
type Step = keyof StepKeys;

/**
 * `[` and `]` step, with shift from change of state to change of state. Dead while somebody types. Where a step leads is
 * only known once the moment before it is there, so presses that come faster wait their turn: each one counts.
 *
 * @param from - Macrostep that is looked at; null for now.
 */
export function useStepKeys(keys: StepKeys | null, from: number | null): void {
  const navigate = useGo();
  const isIdle = useNavigation().state === 'idle';
  const [search] = useSearchParams();
  const waiting = useRef<Step[]>([]);
  const goingTo = useRef<string | null>(null);
  const wasLoading = useRef(false);
  const go = useCallback(
    (step: Step) => {
      const to = keys && stepAddress(search, keys, from, step);
      // What came after a step beyond the end goes nowhere either.
      if (to === null) waiting.current = [];
      else {
        goingTo.current = to;
        navigate(to, { replace: true, preventScrollReset: true });
      }
    },
    [keys, from, search, navigate],
  );
  useEffect(() => {
    if (!isIdle) {
      wasLoading.current = true;
      return;
    }
    const isThere = wasLoading.current || `?${search}` === goingTo.current;
    if (goingTo.current !== null && !isThere) return;
    goingTo.current = null;
    wasLoading.current = false;
    const next = waiting.current.shift();
    if (next !== undefined) go(next);
  }, [isIdle, search, go]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const step = readStep(event);
      if (step === null || isTextField(event.target) || !areCharactersOn()) return;
      event.preventDefault();
      if (goingTo.current === null) go(step);
      // A key that is held down goes as fast as pages come; it piles up nothing.
      else if (!event.repeat && waiting.current.length < mostWaiting) waiting.current.push(step);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [go]);
}
