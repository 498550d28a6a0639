import type { NodeReport, Reports, ScoreRow, Share } from '../../inspect/reports.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';

const percent = (share: number): string => `${Math.round(share * 100)}`;

/** Writes a share with its size and its interval; without a case there is no share. */
export function shareText({ hits, n, interval }: Share): string {
  if (interval === null) return 'no case';
  return `${hits} of ${n}: ${percent(hits / n)} % (${percent(interval.low)} to ${percent(interval.high)} %)`;
}

const nodeHead = [
  'node',
  'signals',
  'what ended',
  'fulfilled',
  'failed',
  'expired',
  'superseded',
  'fulfilled of fulfilled, failed and expired',
];

/** A line for each sort of things a node told the end of, or one for a node that only gave signals. */
function NodeRows({ of: { node, signals, ends } }: { readonly of: NodeReport }) {
  const name = <Link to={`/machines/${node}`}>{node}</Link>;
  if (ends.length === 0)
    return (
      <tr>
        <th scope="row">{name}</th>
        <td className="num">{signals}</td>
        <td className="muted" colSpan={nodeHead.length - 2}>
          its signals have no end that is told
        </td>
      </tr>
    );
  return (
    <>
      {ends.map(({ sort, share, ...counts }) => (
        <tr key={sort}>
          <th scope="row">{name}</th>
          <td className="num">{signals}</td>
          <td>{sort === 'setup' ? 'setups' : 'expectations'}</td>
          {(['fulfilled', 'failed', 'expired', 'superseded'] as const).map((kind) => (
            <td key={kind} className="num">
              {counts[kind]}
            </td>
          ))}
          <td className="num">{shareText(share)}</td>
        </tr>
      ))}
    </>
  );
}

/** What each node said and how that ended. */
export function NodePanel({ nodes }: { readonly nodes: readonly NodeReport[] }) {
  return (
    <Panel id="nodes" title="By node">
      {nodes.length === 0 ? (
        <Missing reason="no node gave a signal, and nothing ended, in these sessions" />
      ) : (
        <>
          <ScrollTable label="By node" head={nodeHead}>
            {nodes.map((node) => (
              <NodeRows key={node.node} of={node} />
            ))}
          </ScrollTable>
          <p className="muted meta">
            Of a setup, fulfilled is completed and failed is rejected. A node may tell the end of
            the same thing as an expectation and as a setup: the two are not to be added up.
          </p>
        </>
      )}
    </Panel>
  );
}

function Verdict({ value }: { readonly value: boolean | null }) {
  const [tone, text]: readonly [ChipTone, string] =
    value === null
      ? ['plain', 'cannot be told']
      : value
        ? ['ok', 'as planned']
        : ['caution', 'not as planned'];
  return <Chip tone={tone}>{text}</Chip>;
}

function Score({ row }: { readonly row: ScoreRow }) {
  const { tradeDate, regime, bias, realised, conditionHit, biasHit, counted } = row;
  return (
    <tr>
      <th scope="row" className="num">
        <Link to={`/journal/${tradeDate}`}>{tradeDate}</Link>
      </th>
      <td>{regime}</td>
      <td>{realised}</td>
      <td>
        <Verdict value={conditionHit} />
      </td>
      <td>{bias}</td>
      <td>
        <Verdict value={biasHit} />
      </td>
      <td>{counted ? 'yes' : conditionHit === null ? 'no' : 'no: not an ordinary session'}</td>
    </tr>
  );
}

/** How the plan of each day did. */
export function ScorePanel({
  scores,
  condition,
  bias,
}: Pick<Reports, 'scores' | 'condition' | 'bias'>) {
  return (
    <Panel id="scores" title="Hypothesis scores, per trade day" to="/journal" toText="journal">
      {scores.length === 0 ? (
        <Missing reason="no plan of these sessions was scored: one is when its session is over" />
      ) : (
        <>
          <p data-testid="score-shares">
            Session as planned: <span className="num">{shareText(condition)}</span>. Bias as
            planned: <span className="num">{shareText(bias)}</span>.
          </p>
          <ScrollTable
            label="Hypothesis scores"
            head={['trade day', 'regime', 'session was', 'session', 'bias', 'bias came', 'counted']}
          >
            {scores.toReversed().map((row) => (
              <Score key={row.tradeDate} row={row} />
            ))}
          </ScrollTable>
        </>
      )}
    </Panel>
  );
}
