import { zoneWord } from '../format.ts';
import { useLive, useTable } from './use-live.tsx';

/** Returns when the flow's calendar has the plan of the day written, as `09:25 ET`; null where it says nothing of it. */
export function usePlanTime(): string | null {
  const facts = useLive('facts');
  const { node } = useTable('hypothesis/1');
  const [at] = (node === null ? undefined : facts?.calendar[node]) ?? [];
  return facts && at !== undefined ? `${at} ${zoneWord(facts.zone)}` : null;
}
