import type { Row } from '../../live/values.ts';
import { useIsOld, useLive, useTable } from '../client/use-live.tsx';
import { usePlanTime } from '../client/use-plan-time.ts';
import { Chip } from '../components/chip.tsx';
import { Panel, TableRows } from '../components/panel.tsx';
import { clockText, priceText } from '../format.ts';
import { numberOf, rowsOf, textOf, textsOf } from './fields.ts';
import { wordsOf } from './words.ts';

const biasGlyphs: Readonly<Record<string, string>> = { long: '▲', short: '▼', neutral: '◆' };

function Scenario({ row }: { readonly row: Row }) {
  const facts = useLive('facts');
  const price = (field: string): string | null => {
    const value = numberOf(row, field);
    return value === null || !facts ? null : priceText(value, facts.instrument.decimals);
  };
  const [target, invalidation] = [price('target'), price('invalidation')];
  return (
    <li>
      <span className="muted meta">{textOf(row, 'role') === 'primary' ? 'plan' : 'else'}</span> if{' '}
      {textOf(row, 'if')}: {textOf(row, 'action')}
      <span className="num live meta muted">
        {target === null ? '' : ` target ${target}`}
        {invalidation === null ? '' : ` void ${invalidation}`}
      </span>
    </li>
  );
}

/** Whether trades are permitted; the plan of another day, which stands until the next is written, permits nothing. */
function Permission({ row }: { readonly row: Row }) {
  const tradeDate = textOf(row, 'tradeDate');
  const clock = useLive('clock');
  const isOld = useIsOld();
  if (isOld)
    return <Chip>{row['permits'] === true ? '? permitted trades then' : '? no trades then'}</Chip>;
  if (clock && tradeDate?.replaceAll('-', '') !== String(clock.tradeDate))
    return <Chip>{`plan of ${tradeDate ?? 'an unknown date'}, not of today`}</Chip>;
  return row['permits'] === true ? (
    <Chip tone="ok">permits trades</Chip>
  ) : (
    <Chip tone="caution">no trades</Chip>
  );
}

/** How the plan's last version came to be: that it still stands, or when and why it is over. */
function Stand({ row, node }: { readonly row: Row; readonly node: string | null }) {
  const facts = useLive('facts');
  const machine = useLive('machines')?.find((candidate) => candidate.node === node);
  if (!isInvalidated(row))
    return row['permits'] === true ? <p className="meta muted">✔ still valid</p> : null;
  const since = machine?.state.includes('invalidated') === true ? machine.since : null;
  const at = since === null || !facts ? '' : ` ${clockText(facts.zone, since).slice(0, 5)}`;
  return (
    <p className="meta">
      <strong className="caution-text">✖ invalidated{at}:</strong>{' '}
      {(textOf(row, 'reason') ?? '').replace(/^invalidated:?\s*/, '')}
    </p>
  );
}

/** A version that says the plan is over gives it as its reason. */
const isInvalidated = (row: Row): boolean =>
  row['permits'] === false && (textOf(row, 'reason') ?? '').startsWith('invalidated');

function Plan({
  row,
  node,
  isWhole,
}: {
  readonly row: Row;
  readonly node: string | null;
  readonly isWhole: boolean;
}) {
  const over = isInvalidated(row) ? 'is-over' : '';
  return (
    <>
      <Verdict row={row} over={over} />
      <Stand row={row} node={node} />
      <Rest row={row} over={over} isWhole={isWhole} />
    </>
  );
}

function Verdict({ row, over }: { readonly row: Row; readonly over: string }) {
  const bias = textOf(row, 'bias') ?? 'neutral';
  return (
    <>
      <p>
        <Permission row={row} />{' '}
        <strong className={bias === 'long' ? 'buy' : bias === 'short' ? 'sell' : ''}>
          {biasGlyphs[bias]} {bias}
        </strong>
        {row['lowConfidence'] === true ? <span className="muted"> low confidence</span> : null}
      </p>
      <p className={over}>{textOf(row, 'condition') ?? 'no condition named'}</p>
    </>
  );
}

function Rest({
  row,
  over,
  isWhole,
}: {
  readonly row: Row;
  readonly over: string;
  readonly isWhole: boolean;
}) {
  const scenarios = rowsOf(row, 'scenarios');
  const reasons = textsOf(row, 'doNotTrade');
  return (
    <>
      {reasons.length > 0 ? <p className="caution-text">◐ {reasons.join('; ')}</p> : null}
      <ul className={`scenarios ${over}`}>
        {(isWhole ? scenarios : scenarios.slice(0, 2)).map((scenario) => (
          <Scenario key={textOf(scenario, 'id')} row={scenario} />
        ))}
      </ul>
      <p className="meta muted">
        version <span className="num live">{numberOf(row, 'version')}</span>,{' '}
        {wordsOf(textOf(row, 'reason') ?? '')}, for{' '}
        <span className="num live">{textOf(row, 'tradeDate')}</span>
      </p>
    </>
  );
}

/** The plan of the day: what is expected, what is done if it comes, what ends it. */
export function Hypothesis({ isWhole = false }: { readonly isWhole?: boolean }) {
  const table = useTable('hypothesis/1');
  const at = usePlanTime();
  return (
    <Panel id="hypothesis" title="Hypothesis" to="/journal" toText="journal">
      <TableRows
        table={table}
        plugin="hypothesis"
        empty={at === null ? 'no plan was written yet' : `built at ${at}`}
      >
        {([row]) => <Plan row={row ?? {}} node={table.node} isWhole={isWhole} />}
      </TableRows>
    </Panel>
  );
}
