import { frameRates } from '../../live/frame-rate.ts';
import { useLiveStore, useRate } from '../client/use-live.tsx';
import { Chip } from './chip.tsx';
import { Link } from './link.tsx';

/** Says when the window is told less often than was chosen: a throttled page that says nothing looks like a frozen feed. */
export function RateChip() {
  const { isReduced, hz, chosen } = useRate();
  if (!isReduced) return null;
  return (
    <Link
      to="/health#updates"
      title={`This window does not keep up with ${chosen} frames a second; the full rate is tried again by itself.`}
    >
      <Chip tone="caution">
        <span data-testid="rate">REDUCED {hz} Hz</span>
      </Chip>
    </Link>
  );
}

/** How often this window is told what changed. */
export function RateChoice() {
  const store = useLiveStore();
  const { hz, chosen, isReduced } = useRate();
  return (
    <>
      <fieldset className="rates" data-testid="rates">
        <legend className="hidden-visually">Updates a second</legend>
        {frameRates.map((rate) => (
          <button
            key={rate}
            type="button"
            aria-pressed={rate === chosen}
            onClick={() => store.chooseRate(rate)}
          >
            {rate} Hz
          </button>
        ))}
      </fieldset>
      <p className="meta muted" aria-live="polite">
        {isReduced
          ? `At ${hz} Hz for now: this browser was late with its frames. ${chosen} Hz is tried again by itself.`
          : 'At most so many updates a second; kept in this browser. A hidden window is told once a second.'}
      </p>
    </>
  );
}
