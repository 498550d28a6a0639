import type { LiveValues, MachineFacts } from '../../live/values.ts';
import { useLive } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { spanText } from '../format.ts';
import { wordsOf } from './words.ts';

const readyMicros = 300_000_000;

/** How a machine stands, told from its chart alone: at rest in its first state, on its way, or at an end. */
export type SetupStand = 'idle' | 'building' | 'ready' | 'over';

const glyphs: Readonly<Record<SetupStand, string>> = {
  idle: '○',
  building: '◐',
  ready: '●',
  over: '✖',
};
const stands: Readonly<Record<SetupStand, string>> = {
  idle: 'at rest',
  building: 'on its way',
  ready: 'signal in the last 5 min',
  over: 'over for now',
};

/** Judges a machine by its chart; `signalAt` is when it gave its last signal. */
export function standOf(
  { initial, finals }: Pick<MachineFacts, 'initial' | 'finals'>,
  state: string,
  signalAt: number | null,
  now: number,
): SetupStand {
  if (signalAt !== null && now - signalAt < readyMicros) return 'ready';
  if (finals.includes(state)) return 'over';
  return state === initial ? 'idle' : 'building';
}

/** What being in a state means: of parallel regions the sentences of each. */
export function describe(
  { descriptions }: Pick<MachineFacts, 'descriptions'>,
  state: string,
): string {
  return state
    .split(',')
    .flatMap((path) => descriptions[path] ?? [])
    .join(' ');
}

function Setup({
  facts,
  machine,
  signalAt,
  now,
}: {
  readonly facts: MachineFacts;
  readonly machine: LiveValues['machines'][number] | undefined;
  readonly signalAt: number | null;
  readonly now: number;
}) {
  if (!machine) return null;
  const { state, since } = machine;
  const stand = standOf(facts, state, signalAt, now);
  const sentence = describe(facts, state);
  return (
    <li className={`setup setup-${stand}`}>
      <Link to={`/machines/${facts.node}`} title={sentence}>
        <span aria-hidden="true">{glyphs[stand]}</span>
        <span className="hidden-visually">{stands[stand]}: </span>
        <strong>{facts.node}</strong>
        <span className="setup-state">{wordsOf(state)}</span>
        {since === null ? null : (
          <span className="num live meta faint">{spanText(now - since)}</span>
        )}
      </Link>
    </li>
  );
}

/** Every machine that gives signals or ideas, with the state it is in. */
export function Setups() {
  const facts = useLive('facts');
  const machines = useLive('machines');
  const signals = useLive('signals');
  const clock = useLive('clock');
  const shown = facts?.machines.filter((machine) => machine.signals) ?? [];
  return (
    <Panel id="setups" title="Setups and strategies" to="/machines" toText="inspector">
      {!facts || !machines || !clock ? (
        <Missing reason="the engine is starting" />
      ) : shown.length === 0 ? (
        <p className="missing-reason">No machine of this flow gives signals.</p>
      ) : (
        <ul className="setups">
          {shown.map((machine) => (
            <Setup
              key={machine.node}
              facts={machine}
              machine={machines.find(({ node }) => node === machine.node)}
              signalAt={signals?.find(({ node }) => node === machine.node)?.ts ?? null}
              now={clock.now}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}
