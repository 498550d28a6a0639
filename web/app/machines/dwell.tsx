import type { Dwell } from '../../live/inspect.ts';
import { wordsOf } from '../center/words.ts';
import { clockText } from '../format.ts';
import { distanceText } from './time-line.tsx';

/** How long a stay of the day was by now: those that ended, and the one that has not. */
export function dwelled({ spent, countsFrom }: Dwell, now: number): number {
  return spent + (countsFrom === null ? 0 : Math.max(0, now - countsFrom));
}

/** How long the machine was in each of its states, the longest first. */
export function Dwells({
  dwells,
  now,
  open,
  zone,
  when,
}: {
  readonly dwells: readonly Dwell[];
  /** Event time; null while it is not known. */
  readonly now: number | null;
  /** When the trade day opened. */
  readonly open: number;
  readonly zone: string;
  readonly when: string;
}) {
  if (dwells.length === 0 || now === null) return null;
  const day = Math.max(1, now - open);
  const rows = dwells
    .map((dwell) => ({ ...dwell, total: dwelled(dwell, now) }))
    .sort((a, b) => b.total - a.total || a.path.localeCompare(b.path));
  return (
    <div className="table-scroll">
      <table className="dwells">
        <caption>
          How long it was in its states {when}, since {clockText(zone, open)}; a state with others
          inside counts theirs
        </caption>
        <thead>
          <tr>
            <th scope="col">state</th>
            <th scope="col">present stay</th>
            <th scope="col">in all</th>
            <th scope="col">of the day</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, since, total }) => (
            <tr key={path} className={since === null ? '' : 'is-taken'}>
              <th scope="row">
                {since === null ? '' : '● '}
                {wordsOf(path)}
              </th>
              <td className="num">{since === null ? '' : distanceText(now - since)}</td>
              <td className="num">{distanceText(total)}</td>
              <td className="num">{((total / day) * 100).toFixed(1)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
