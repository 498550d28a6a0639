import { useSearchParams } from '@remix-run/react';
import { useState } from 'react';
import type { MomentView } from '../../live/inspect.ts';
import type { FactsValue, MachineFacts } from '../../live/values.ts';
import { useLive } from '../client/use-live.tsx';
import { Link, NavLink } from '../components/link.tsx';
import { clockText } from '../format.ts';
import { stateWords } from './state-words.ts';
import { distanceText } from './time-line.tsx';

/** A machine's state in the moment looked at, or now. */
export interface ListedState {
  readonly state: string;
  readonly since: number | null;
  readonly isOut: boolean;
}

/** Returns the state of each machine: of the moment when there is one, else of now. */
export function useStates(moment: MomentView | null): ReadonlyMap<string, ListedState> {
  const machines = useLive(moment ? null : 'machines');
  const run = useLive(moment ? null : 'run');
  const out = new Set(run?.quarantined ?? []);
  const states = moment?.states ?? machines ?? [];
  return new Map(
    states.map(({ node, state, since }) => [node, { state, since, isOut: out.has(node) }]),
  );
}

/** How a state looks at a glance: out of the flow, not started, where it began, elsewhere. */
export function glyphOf(facts: MachineFacts | undefined, listed: ListedState | undefined): string {
  if (!listed) return ' ';
  if (listed.isOut) return '⚠';
  if (listed.state === '') return '…';
  return facts?.initial === listed.state ? '○' : '●';
}

/** Says what a state means; of regions each. Null where the plugin says nothing. */
export function meaningOf(facts: MachineFacts | undefined, state: string): string | null {
  const said = state.split(',').flatMap((path) => facts?.descriptions[path] ?? []);
  return said.length === 0 ? null : said.join(' ');
}

function matches(filter: string, texts: readonly (string | null)[]): boolean {
  const needle = filter.trim().toLowerCase();
  return needle === '' || texts.some((text) => text?.toLowerCase().includes(needle) === true);
}

/** The machines beside the one looked at, with their states. */
export function MachineRail({
  facts,
  moment,
}: {
  readonly facts: FactsValue | undefined;
  readonly moment: MomentView | null;
}) {
  const states = useStates(moment);
  const [search] = useSearchParams();
  const [filter, setFilter] = useState('');
  const kept = new URLSearchParams(
    [...search].filter(([name]) => ['at', 'time', 'tab'].includes(name)),
  ).toString();
  const query = kept === '' ? '' : `?${kept}`;
  const shown = (facts?.machines ?? []).filter(({ node, plugin }) =>
    matches(filter, [node, plugin, stateWords(states.get(node)?.state ?? '')]),
  );
  return (
    <nav className="machine-rail" aria-label="Machines">
      <Link to={`/machines${query}`}>all machines</Link>
      <input
        type="search"
        aria-label="Filter machines"
        placeholder="filter"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
      />
      <ul className={moment ? '' : 'live-body'}>
        {shown.map((machine) => {
          const listed = states.get(machine.node);
          return (
            <li key={machine.node}>
              <NavLink to={`/machines/${machine.node}${query}`} prefetch="none">
                <span aria-hidden="true">{glyphOf(machine, listed)}</span> <b>{machine.node}</b>
                <span className="muted"> {stateWords(listed?.state ?? '')}</span>
              </NavLink>
            </li>
          );
        })}
      </ul>
      {shown.length === 0 ? <p className="muted">none matches</p> : null}
    </nav>
  );
}

interface ListedNode {
  readonly node: string;
  readonly plugin: string;
  readonly summary: string;
}

/** A machine's state with what it means; of a node without one, why there is none. */
function StateCell({
  listed,
  facts,
  summary,
}: {
  readonly listed: ListedState | undefined;
  readonly facts: MachineFacts | undefined;
  readonly summary: string;
}) {
  if (!facts)
    return (
      <td>
        <span className="muted">no states: its sensor writes its records by itself. {summary}</span>
      </td>
    );
  const state = listed?.state ?? '';
  return (
    <td>
      <strong className="live">{stateWords(state)}</strong>
      {listed?.isOut ? <strong> · taken out of the flow after an error</strong> : null}
      <div className="muted">{meaningOf(facts, state) ?? summary}</div>
    </td>
  );
}

function SinceCell({
  since,
  zone,
  now,
}: {
  readonly since: number | null;
  readonly zone: string;
  readonly now: number | null;
}) {
  if (since === null)
    return (
      <td>
        <span className="muted">not known</span>
      </td>
    );
  return (
    <td className="num">
      {clockText(zone, since)}
      {now === null ? null : <div className="muted meta">{distanceText(now - since)}</div>}
    </td>
  );
}

function Row({
  listed,
  of,
  facts,
  zone,
  now,
  query,
}: {
  readonly listed: ListedState | undefined;
  readonly of: ListedNode;
  readonly facts: MachineFacts | undefined;
  readonly zone: string;
  readonly now: number | null;
  readonly query: string;
}) {
  const { node, plugin, summary } = of;
  return (
    <tr>
      <th scope="row">
        <span aria-hidden="true">{glyphOf(facts, listed)}</span>{' '}
        {facts ? <Link to={`/machines/${node}${query}`}>{node}</Link> : node}
        <div className="muted meta">{plugin}</div>
      </th>
      <StateCell listed={listed} facts={facts} summary={summary} />
      {facts ? <SinceCell since={listed?.since ?? null} zone={zone} now={now} /> : <td />}
    </tr>
  );
}

/** Every node of the flow with its state in plain words. */
export function NodeTable({
  nodes,
  facts,
  moment,
  zone,
}: {
  readonly nodes: readonly ListedNode[];
  readonly facts: FactsValue | undefined;
  readonly moment: MomentView | null;
  readonly zone: string;
}) {
  const states = useStates(moment);
  const clock = useLive('clock');
  const [search] = useSearchParams();
  const [filter, setFilter] = useState('');
  const byNode = new Map((facts?.machines ?? []).map((machine) => [machine.node, machine]));
  const shown = nodes.filter(({ node, plugin, summary }) => {
    const state = states.get(node)?.state ?? '';
    const words = stateWords(state);
    return matches(filter, [node, plugin, summary, words, meaningOf(byNode.get(node), state)]);
  });
  const at = search.get('at') ?? (moment ? String(moment.seq) : null);
  return (
    <>
      <label className="list-filter">
        filter{' '}
        <input
          type="search"
          value={filter}
          placeholder="node, plugin, state, meaning"
          onChange={(event) => setFilter(event.currentTarget.value)}
        />{' '}
        <span className="muted" role="status">
          {shown.length === nodes.length
            ? `${nodes.length} nodes`
            : `${shown.length} of ${nodes.length} nodes`}
        </span>
      </label>
      <div className="table-scroll">
        <table className="nodes">
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">state</th>
              <th scope="col">since</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((of) => (
              <Row
                key={of.node}
                of={of}
                listed={states.get(of.node)}
                facts={byNode.get(of.node)}
                zone={zone}
                now={moment?.ts ?? clock?.now ?? null}
                query={at === null ? '' : `?at=${at}`}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
