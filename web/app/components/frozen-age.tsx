import { useEffect, useState } from 'react';
import { ageText } from '../../live/link-state.ts';

const tickMs = 1_000;

/** The milliseconds since a moment of the browser's own clock, told once a second. */
function useAge(since: number): number {
  const [age, setAge] = useState(() => performance.now() - since);
  useEffect(() => {
    const tick = (): void => setAge(performance.now() - since);
    tick();
    const timer = setInterval(tick, tickMs);
    return () => clearInterval(timer);
  }, [since]);
  return age;
}

/** Says that something stands still, and for how long it has been old. */
export function FrozenAge({ since }: { readonly since: number }) {
  const age = useAge(since);
  return (
    <span className="chip chip-frozen">
      <span className="glyph" aria-hidden="true">
        ❚❚
      </span>
      FROZEN{' '}
      <span className="num" data-testid="frozen-age">
        {ageText(age)}
      </span>
    </span>
  );
}
