import { useIsOld, useLive, useTable } from '../client/use-live.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { clockText, spanText } from '../format.ts';
import { numberOf, textOf, textsOf } from './fields.ts';
import { wordsOf } from './words.ts';

const lamps = [
  { name: 'trend-up', glyph: '▲', text: 'TREND UP' },
  { name: 'breakout-pending', glyph: '◆', text: 'BREAKOUT' },
  { name: 'balance', glyph: '■', text: 'BALANCE' },
  { name: 'trend-down', glyph: '▼', text: 'TREND DOWN' },
] as const;

/** Where value stands: four lamps at fixed places, and a word when nobody knows. */
export function Regime() {
  const table = useTable('regime/1');
  return (
    <Panel
      id="regime"
      title="Regime"
      {...(table.node === null ? {} : { to: `/machines/${table.node}` })}
    >
      <TableRows table={table} plugin="regime" empty="unknown: no session has been labelled yet">
        {([row]) => <RegimeLamps now={textOf(row, 'regime') ?? 'unknown'} row={row ?? {}} />}
      </TableRows>
    </Panel>
  );
}

function RegimeLamps({
  now,
  row,
}: {
  readonly now: string;
  readonly row: Readonly<Record<string, unknown>>;
}) {
  const clock = useLive('clock');
  const facts = useLive('facts');
  const isOld = useIsOld();
  const since = numberOf(row, 'since');
  const missing = textsOf(row, 'missing');
  return (
    <>
      <ul className={now === 'unknown' ? 'regime regime-unknown' : 'regime'}>
        {lamps.map(({ name, glyph, text }) => (
          <li
            key={name}
            className={now === name ? `on regime-${name}` : ''}
            {...(now === name ? { 'aria-current': true } : {})}
          >
            <span aria-hidden="true">{glyph}</span> {text}
            <span aria-hidden="true" className="dot">
              {isOld ? '?' : now === name ? '●' : '○'}
            </span>
          </li>
        ))}
      </ul>
      {now === 'unknown' ? (
        <p>
          <strong>UNKNOWN</strong>{' '}
          <span className="muted meta">
            {missing.length > 0
              ? `missing: ${missing.map(wordsOf).join(', ')}`
              : textOf(row, 'reason')}
          </span>
        </p>
      ) : (
        <p className="meta muted">{textOf(row, 'reason')}</p>
      )}
      {since !== null && clock && facts ? (
        <p className="meta muted num live">
          since {clockText(facts.zone, since)} ({spanText(clock.now - since)})
          {row['lowConfidence'] === true ? ', low confidence' : ''}
        </p>
      ) : null}
    </>
  );
}
