import type { Places } from './graph-size.ts';
import type { Layout } from './use-layout.ts';

const step = 20;

const ways = [
  ['◄', 'left', -1, 0],
  ['▲', 'up', 0, -1],
  ['▼', 'down', 0, 1],
  ['►', 'right', 1, 0],
] as const;

/** Moves the chosen node without dragging it, and puts all of them back. */
export function MoveMenu({
  chosen,
  places,
  layout,
}: {
  readonly chosen: string | null;
  /** Where nodes stand now. */
  readonly places: Places;
  readonly layout: Layout;
}) {
  const at = chosen === null ? undefined : places[chosen];
  return (
    <span className="move-menu" role="group" aria-label="Move">
      <span className="muted">Move {at ? chosen : '— choose a node'}</span>
      {ways.map(([sign, word, right, down]) => (
        <button
          key={word}
          type="button"
          aria-label={`Move ${chosen ?? 'the chosen node'} ${word}`}
          disabled={!at}
          onClick={() => {
            if (chosen !== null && at)
              layout.move(chosen, { x: at.x + right * step, y: at.y + down * step });
          }}
        >
          {sign}
        </button>
      ))}
      <button
        type="button"
        disabled={Object.keys(layout.moved).length === 0}
        onClick={() => layout.reset()}
      >
        Automatic places
      </button>
      {layout.problem === '' ? null : <span role="status">✖ {layout.problem}</span>}
    </span>
  );
}
