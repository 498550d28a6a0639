import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

const [leastScale, mostScale] = [0.25, 2] as const;
const step = 1.25;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Returns the scale at which a picture is whole in its frame; never larger than it was drawn. */
export function fitScale(picture: Size, frame: Size): number {
  const fit = Math.min(1, frame.width / picture.width, frame.height / picture.height);
  return Number.isFinite(fit) ? Math.max(leastScale, fit) : 1;
}

/** Returns the scale one step in (1) or out (-1), through the one of the drawing and within bounds. */
export function steppedScale(scale: number, way: 1 | -1): number {
  const next = way > 0 ? scale * step : scale / step;
  const passesOne = (scale - 1) * (next - 1) < 0;
  return passesOne ? 1 : Math.min(mostScale, Math.max(leastScale, next));
}

/** Scrolls the active state into view when it changes, inside the frame only. */
function useActiveInView(active: string) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = frame.current;
    const found = [...(box?.querySelectorAll<SVGGElement>('.chart-state.is-active') ?? [])].at(0);
    if (!box || !found || active === '') return;
    const [outer, inner] = [box.getBoundingClientRect(), found.getBoundingClientRect()];
    const isWide = inner.left >= outer.left && inner.right <= outer.right;
    if (!isWide) box.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    const isHigh = inner.top >= outer.top && inner.bottom <= outer.bottom;
    if (!isHigh) box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
  }, [active]);
  return frame;
}

/** Keeps what was in the middle of the frame there when the scale changes. */
function useCentreKept(frame: { readonly current: HTMLDivElement | null }, scale: number): void {
  const was = useRef(scale);
  useLayoutEffect(() => {
    const box = frame.current;
    const ratio = scale / was.current;
    was.current = scale;
    if (!box || ratio === 1) return;
    const kept = (at: number, room: number): number => (at + room / 2) * ratio - room / 2;
    box.scrollLeft = kept(box.scrollLeft, box.clientWidth);
    box.scrollTop = kept(box.scrollTop, box.clientHeight);
  }, [frame, scale]);
}

/**
 * A picture larger than its place: scrolls, and is shown smaller or larger by buttons, or by `+`, `-`, `0` (as drawn) and
 * `1` (whole) while it has the focus.
 */
export function ZoomFrame({
  label,
  active,
  picture,
  children,
}: {
  readonly label: string;
  /** Changes when another state is to be brought into view. */
  readonly active: string;
  readonly picture: Size;
  readonly children: (scale: number) => ReactNode;
}) {
  const frame = useActiveInView(active);
  const [scale, setScale] = useState(1);
  useCentreKept(frame, scale);
  const fit = (): void => {
    const box = frame.current;
    if (box) setScale(fitScale(picture, { width: box.clientWidth, height: box.clientHeight }));
  };
  const acts: Readonly<Record<string, () => void>> = {
    '+': () => setScale((now) => steppedScale(now, 1)),
    '-': () => setScale((now) => steppedScale(now, -1)),
    '0': () => setScale(1),
    '1': fit,
  };
  const press = (event: KeyboardEvent): void => {
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="zoom">
      <div className="zoom-tools" role="group" aria-label={`Size of the ${label.toLowerCase()}`}>
        <button type="button" className="step" onClick={acts['-']} aria-label="Smaller">
          −
        </button>
        <button type="button" className="step" onClick={acts['+']} aria-label="Larger">
          +
        </button>
        <button type="button" className="step" onClick={acts['0']}>
          as drawn
        </button>
        <button type="button" className="step" onClick={fit}>
          whole
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: keys of an area that scrolls */}
      <div
        className="chart-scroll"
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
        role="region"
        aria-label={label}
        onKeyDown={press}
      >
        {children(scale)}
      </div>
    </div>
  );
}
