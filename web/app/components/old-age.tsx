import { ageText } from '../../live/link-state.ts';
import { useLink } from '../client/use-live.tsx';

/** Says how old what a panel shows is, once the engine has fallen silent; nothing before. */
export function OldAge() {
  const { state, ageMs } = useLink();
  if ((state !== 'STALE' && state !== 'DOWN') || ageMs === null) return null;
  return (
    <span className="old-age num" aria-hidden="true">
      ({ageText(ageMs)} ago)
    </span>
  );
}
