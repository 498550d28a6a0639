import { useState } from 'react';
import type { LiveValues, MachineFacts } from '../../live/values.ts';
import { useIsOld, useLive, useStartReason } from '../client/use-live.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { spanText } from '../format.ts';
import { wordsOf } from './words.ts';

const readyMicros = 300_000_000;

/** How a machine stands, told from its chart alone: at rest in its first state, on its way, or at an end; or it is out. */
export type SetupStand = 'idle' | 'building' | 'ready' | 'over' | 'out' | 'unknown';

const glyphs: Readonly<Record<SetupStand, string>> = {
  idle: '○',
  building: '◐',
  ready: '●',
  over: '✖',
  out: '■',
  unknown: '–',
};
const stands: Readonly<Record<SetupStand, string>> = {
  idle: 'at rest',
  building: 'on its way',
  ready: 'signal in the last 5 min',
  over: 'over for now',
  out: 'taken out of the flow',
  unknown: 'no data',
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

/** What a row says of a machine: how it stands, its state in words, and the sentence of that state. */
interface SetupWords {
  readonly stand: SetupStand;
  readonly state: string;
  readonly sentence: string;
  readonly since: number | null;
}

function wordsFor(
  facts: MachineFacts,
  machine: LiveValues['machines'][number] | undefined,
  signalAt: number | null,
  now: number,
  isOut: boolean,
): SetupWords {
  if (isOut) {
    const sentence = 'It threw and was taken out of the flow: it hears nothing any more.';
    return { stand: 'out', state: 'taken out', sentence, since: null };
  }
  if (!machine)
    return {
      stand: 'unknown',
      state: 'no data',
      sentence: 'Nothing is known of this machine yet.',
      since: null,
    };
  const { state, since } = machine;
  const stand = standOf(facts, state, signalAt, now);
  return { stand, state: wordsOf(state), sentence: describe(facts, state), since };
}

function Setup({
  node,
  words: { stand, state, sentence, since },
  now,
  say,
}: {
  readonly node: string;
  readonly words: SetupWords;
  readonly now: number;
  /** Puts the whole state and its sentence under the list. */
  readonly say: (text: string) => void;
}) {
  const isOld = useIsOld();
  const whole = `${node}: ${state}${sentence === '' ? '' : `. ${sentence}`}`;
  const tell = (): void => say(whole);
  return (
    <li className={`setup setup-${stand}`}>
      <Link to={`/machines/${node}`} title={sentence} onFocus={tell} onMouseEnter={tell}>
        <span aria-hidden="true">{isOld ? '?' : glyphs[stand]}</span>
        <span className="hidden-visually">{isOld ? 'not known any more' : stands[stand]}: </span>
        <strong>{node}</strong>
        <span className="setup-state">{state}</span>
        {since === null ? null : (
          <span className="num live meta faint">{spanText(now - since)}</span>
        )}
        <span className="setup-sentence meta muted" aria-hidden="true">
          {sentence}
        </span>
      </Link>
    </li>
  );
}

function SetupList({ shown }: { readonly shown: readonly MachineFacts[] }) {
  const machines = useLive('machines') ?? [];
  const signals = useLive('signals');
  const clock = useLive('clock');
  const out = useLive('run')?.quarantined ?? [];
  const [said, setSaid] = useState('');
  const now = clock?.now ?? 0;
  return (
    <>
      <ul className="setups">
        {shown.map((facts) => {
          const { node } = facts;
          const machine = machines.find((candidate) => candidate.node === node);
          const signalAt = signals?.find((signal) => signal.node === node)?.ts ?? null;
          const words = wordsFor(facts, machine, signalAt, now, out.includes(node));
          return <Setup key={node} node={node} words={words} now={now} say={setSaid} />;
        })}
      </ul>
      <p className="setup-said meta muted">{said}</p>
    </>
  );
}

/** Every machine that gives signals or ideas, with the state it is in. */
export function Setups() {
  const facts = useLive('facts');
  const machines = useLive('machines');
  const clock = useLive('clock');
  const reason = useStartReason();
  const shown = facts?.machines.filter((machine) => machine.signals) ?? [];
  return (
    <Panel id="setups" title="Setups and strategies" to="/machines" toText="inspector">
      {!facts || !machines || !clock ? (
        <Missing reason={reason} />
      ) : shown.length === 0 ? (
        <p className="missing-reason">No machine of this flow gives signals.</p>
      ) : (
        <SetupList shown={shown} />
      )}
    </Panel>
  );
}
