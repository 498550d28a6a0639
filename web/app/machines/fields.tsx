import { clockText, dateText } from '../format.ts';

type Row = Readonly<Record<string, unknown>>;

/** Event times are in microseconds since 1970; nothing else in a context is as large. */
const [firstTime, lastTime] = [1e14, 1e16];
const longest = 400;

/** Writes a value of any plugin: times as times, the rest as it is. */
export function valueText(value: unknown, zone: string): string {
  if (value === undefined) return '—';
  if (typeof value === 'number' && value > firstTime && value < lastTime)
    return `${dateText(zone, value)} ${clockText(zone, value)}`;
  if (typeof value === 'number')
    return String(Number.isInteger(value) ? value : Number(value.toPrecision(8)));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** The fields of a row by name; those that differ from `before` first and marked, with what they were. */
export function Fields({
  row,
  before,
  zone,
  label,
}: {
  readonly row: Row;
  readonly before: Row | null;
  readonly zone: string;
  readonly label: string;
}) {
  const names = Object.keys(row);
  const isChanged = (name: string): boolean => before !== null && !isSame(row[name], before[name]);
  const sorted = [...names.filter(isChanged), ...names.filter((name) => !isChanged(name))];
  if (names.length === 0) return <p className="muted">It keeps nothing beside its state.</p>;
  return (
    <div className="table-scroll">
      <table className="fields">
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">field</th>
            <th scope="col">value</th>
            {before === null ? null : <th scope="col">was</th>}
          </tr>
        </thead>
        <tbody>
          {sorted.map((name) => (
            <tr key={name} className={isChanged(name) ? 'is-changed' : ''}>
              <th scope="row">
                {isChanged(name) ? <span aria-hidden="true">Δ </span> : null}
                {name}
                {isChanged(name) ? <span className="hidden-visually"> changed</span> : null}
              </th>
              <td className="num">{valueText(row[name], zone)}</td>
              {before === null ? null : (
                <td className="num muted">
                  {isChanged(name) ? valueText(before[name], zone) : ''}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
