import { type Play, type Speed, speeds } from './use-play.ts';

/** A button that plays a moment of the past, or stands still again, and how fast. */
export function PlayControls({ play }: { readonly play: Play }) {
  const { isPlaying, speed, setSpeed, toggle } = play;
  const title =
    toggle === null
      ? 'now goes on by itself: go to a moment of the past to play it'
      : `${isPlaying ? 'pause' : 'play'} (y)`;
  return (
    <div className="play-controls">
      <button
        type="button"
        className="step"
        aria-label={isPlaying ? 'pause' : 'play from this moment'}
        aria-disabled={toggle === null}
        title={title}
        onClick={() => toggle?.()}
      >
        <span aria-hidden="true">{isPlaying ? '▮▮' : '▶'}</span>
      </button>
      <label>
        <span className="hidden-visually">Speed of event time</span>
        <select
          className="num"
          value={speed}
          onChange={(event) => setSpeed(Number(event.currentTarget.value) as Speed)}
        >
          {speeds.map((of) => (
            <option key={of} value={of}>
              {of}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
