import type { Row } from '../../live/values.ts';
import { type LiveTable, useLive, useTable } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { priceText, signed } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

/** Levels of a value area, top to bottom. */
const levels = [
  { field: 'vah', text: 'VAH' },
  { field: 'poc', text: 'POC' },
  { field: 'val', text: 'VAL' },
] as const;

/** How far the last price lies from a level, in ticks: large, since it is what a decision is made by. */
function Distance({ level }: { readonly level: number }) {
  const market = useLive('market');
  const facts = useLive('facts');
  if (!facts || market?.last === null || market?.last === undefined)
    return <Missing reason="no trade yet" />;
  const ticks = Math.round((market.last - level) / facts.instrument.tickSize);
  return (
    <span className="num live distance">
      {signed(ticks)} t{' '}
      <span className="meta">{ticks === 0 ? 'at' : ticks > 0 ? 'above' : 'below'}</span>
    </span>
  );
}

/** Where price lies, in words; empty while price or area is not known. */
function placeOf(last: number | null, val: number | null, vah: number | null): string {
  if (last === null || val === null || vah === null) return '';
  return last <= vah && last >= val ? '● price inside' : '○ price outside';
}

function Corner({ row, remark }: { readonly row: Row | undefined; readonly remark: string }) {
  const facts = useLive('facts');
  const market = useLive('market');
  const [vah, val] = [numberOf(row, 'vah'), numberOf(row, 'val')];
  const place = placeOf(market?.last ?? null, val, vah);
  return (
    <>
      <dl className="corner">
        {levels.map(({ field, text }) => {
          const level = numberOf(row, field);
          return (
            <div key={field}>
              <dt>{text}</dt>
              {level === null || !facts ? (
                <dd>
                  <Missing reason="not known" />
                </dd>
              ) : (
                <dd>
                  <span className="num live muted">
                    {priceText(level, facts.instrument.decimals)}
                  </span>
                  <Distance level={level} />
                </dd>
              )}
            </div>
          );
        })}
      </dl>
      <p className="meta muted">{[place, remark].filter(Boolean).join(', ')}</p>
    </>
  );
}

function compositeRemark(row: Row | undefined): string {
  if (row?.['inForce'] === false) return 'not in force: the contract rolled';
  const sessions = Array.isArray(row?.['sessions']) ? row['sessions'].length : null;
  if (sessions === null) return '';
  return `${sessions} sessions${row?.['partial'] === true ? ', partial' : ''}`;
}

/** The composite value area, with the distance to each of its levels. */
export function CompositeCorner() {
  const table = useTable('composite-area/1');
  return (
    <Panel id="cva" title="CVA" word="composite" className="level-cva">
      <TableRows table={table} plugin="composite-value-area" empty="too few completed sessions yet">
        {([row]) => <Corner row={row} remark={compositeRemark(row)} />}
      </TableRows>
    </Panel>
  );
}

/** Today's rows only: yesterday's developing area is no developing area. */
function ofToday(table: LiveTable, tradeDate: number | undefined): LiveTable {
  const rows = table.rows.filter(
    (row) => String(row['tradeDate']).replaceAll('-', '') === String(tradeDate),
  );
  return { ...table, rows };
}

/** Today's value area as it stands. */
export function DevelopingCorner() {
  const clock = useLive('clock');
  const table = ofToday(useTable('developing-profile/1'), clock?.tradeDate);
  return (
    <Panel id="dva" title="DVA" word="developing" className="level-dva">
      <TableRows
        table={table}
        plugin="volume-profile"
        empty="nothing traded in regular hours today"
      >
        {([row]) => <Corner row={row} remark="still developing" />}
      </TableRows>
    </Panel>
  );
}

/** The prior session's value area. */
export function PriorCorner() {
  const table = useTable('prior-profile/1');
  return (
    <Panel id="prior" title="Prior session">
      <TableRows table={table} plugin="volume-profile" empty="no session was completed yet">
        {([row]) => (
          <Corner row={row} remark={`of ${textOf(row, 'tradeDate') ?? 'an unknown date'}`} />
        )}
      </TableRows>
    </Panel>
  );
}
