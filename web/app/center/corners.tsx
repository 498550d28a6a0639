import type { Row } from '../../live/values.ts';
import { type LiveTable, useIsOld, useLive, useTable } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { clockText, priceText, signed, zoneWord } from '../format.ts';
import { numberOf, textOf } from './fields.ts';

/** Levels are lines of the price chart. */
const onChart = { to: '#price', toText: 'chart' } as const;

/** Levels of a value area, top to bottom. */
const levels = [
  { field: 'vah', text: 'VAH' },
  { field: 'poc', text: 'POC' },
  { field: 'val', text: 'VAL' },
] as const;

/** Where a level lies as seen from the last price, in ticks: large, since it is what a decision is made by. */
function Distance({ level }: { readonly level: number }) {
  const market = useLive('market');
  const facts = useLive('facts');
  if (!facts || market?.last === null || market?.last === undefined)
    return <Missing reason="no trade yet" />;
  const ticks = Math.round((level - market.last) / facts.instrument.tickSize);
  return (
    <span className="num live distance">
      {signed(ticks)}
      <span className="meta"> t {ticks === 0 ? 'at' : ticks > 0 ? 'above' : 'below'}</span>
    </span>
  );
}

/** Where price lies, in words; empty while price or area is not known. */
function placeOf(
  last: number | null,
  val: number | null,
  vah: number | null,
  isOld: boolean,
): string {
  if (last === null || val === null || vah === null) return '';
  const isInside = last <= vah && last >= val;
  if (isOld) return `? price was ${isInside ? 'inside' : 'outside'}`;
  return isInside ? '● price inside' : '○ price outside';
}

function Corner({ row, remark }: { readonly row: Row | undefined; readonly remark: string }) {
  const facts = useLive('facts');
  const market = useLive('market');
  const [vah, val] = [numberOf(row, 'vah'), numberOf(row, 'val')];
  const place = placeOf(market?.last ?? null, val, vah, useIsOld());
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
  const days = sessions === null ? '' : `${sessions} ${sessions === 1 ? 'day' : 'days'}`;
  const isPartial = row?.['partial'] === true;
  return [isPartial ? `only ${days} so far` : days, coverageOf(row)].filter(Boolean).join(', ');
}

/** What else a level is made of than every trade; empty for one that is. */
function coverageOf(row: Row | undefined): string {
  return row?.['approximate'] === true ? 'from bars, approximate' : '';
}

/** Whether today's area may still change. */
function useDevelopingRemark(row: Row | undefined): string {
  const clock = useLive('clock');
  const zone = useLive('facts')?.zone;
  const end = clock?.rthEnd ?? null;
  const isFinal = clock && end !== null && clock.now >= end;
  const stand =
    isFinal && zone !== undefined
      ? `final since ${clockText(zone, end).slice(0, 5)} ${zoneWord(zone)}`
      : 'still developing';
  return [stand, coverageOf(row)].filter(Boolean).join(', ');
}

function DevelopingArea({ row }: { readonly row: Row | undefined }) {
  return <Corner row={row} remark={useDevelopingRemark(row)} />;
}

/** The composite value area, with the distance to each of its levels. */
export function CompositeCorner() {
  const table = useTable('composite-area/1');
  return (
    <Panel id="cva" title="CVA" word="composite" className="level-cva" {...onChart}>
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
    <Panel id="dva" title="DVA" word="developing" className="level-dva" {...onChart}>
      <TableRows
        table={table}
        plugin="volume-profile"
        empty="nothing traded in regular hours today"
      >
        {([row]) => <DevelopingArea row={row} />}
      </TableRows>
    </Panel>
  );
}

/** The prior session's value area. */
export function PriorCorner() {
  const table = useTable('prior-profile/1');
  return (
    <Panel id="prior" title="Prior session" {...onChart}>
      <TableRows table={table} plugin="volume-profile" empty="no session was completed yet">
        {([row]) => (
          <Corner row={row} remark={`of ${textOf(row, 'tradeDate') ?? 'an unknown date'}`} />
        )}
      </TableRows>
    </Panel>
  );
}
