import type { LinkState } from '../../live/link-state.ts';
import { useIsPast } from '../client/use-is-past.ts';
import { useAges, useIsOld, useLink, useLive, useTable } from '../client/use-live.tsx';
import {
  ageInMs,
  clockText,
  countdown,
  dateText,
  opensAgainAt,
  phaseWord,
  priceText,
  signed,
  spanText,
  zoneWord,
} from '../format.ts';
import { Chip, type ChipTone } from './chip.tsx';
import { InstrumentChoice } from './instrument-choice.tsx';
import { Missing } from './missing.tsx';
import { RateChip } from './update-rate.tsx';
import { Value } from './value.tsx';

const tones: Readonly<Record<LinkState, ChipTone>> = {
  LOADING: 'plain',
  LIVE: 'ok',
  QUIET: 'ok',
  CLOSED: 'plain',
  LAGGING: 'caution',
  STALE: 'alarm',
  REPLAY: 'replay',
  DOWN: 'alarm',
};

/** When a market that is closed opens again, and how long that is from now; empty while it is not known. */
function useOpening(): string {
  const { state, text } = useLink();
  const clock = useLive('clock');
  const zone = useLive('facts')?.zone;
  if (state !== 'CLOSED' || !clock || zone === undefined) return '';
  const opensAt = opensAgainAt(clock);
  if (opensAt === null || text.includes('ended')) return '';
  const isToday = dateText(zone, opensAt) === dateText(zone, clock.now);
  const day = isToday ? '' : `${dateText(zone, opensAt)} `;
  const at = clockText(zone, opensAt).slice(0, 5);
  return `; opens ${day}${at} ${zoneWord(zone)}, in ${spanText(opensAt - clock.now)}`;
}

/** What is said of the link, with the next opening of a market that is closed. */
export function LinkWords() {
  const { text } = useLink();
  const opening = useOpening();
  return (
    <>
      {text}
      {opening}
    </>
  );
}

/** The state of the link as a chip: shape and word. */
export function LinkChip() {
  const { state, text, isTooQuiet } = useLink();
  return (
    <span title={text}>
      <Chip tone={isTooQuiet ? 'caution' : tones[state]}>
        <span data-testid="link-state">{state}</span>
      </Chip>
    </span>
  );
}

/** Says of a window on a moment of the past that it is one; the chip beside it is of the engine, which goes on. */
function PastChip() {
  if (!useIsPast()) return null;
  return (
    <span title="below is a moment of the past; this line goes on with now">
      <Chip tone="replay">
        <span data-testid="past-chip">REPLAY</span>
      </Chip>
    </span>
  );
}

/** What the state means, where the word alone does not say it and no banner does. */
function LinkText() {
  const { state } = useLink();
  if (state === 'LIVE' || state === 'STALE' || state === 'DOWN') return null;
  return (
    <span className="muted meta">
      <LinkWords />
    </span>
  );
}

/** How old the market and the engine are, told once a second; nothing while that is not known or not true any more. */
function AgesText() {
  const { feedMs, engineMs } = useAges();
  const { state } = useLink();
  const isOld = useIsOld();
  if (isOld || state === 'LOADING' || engineMs === null) return null;
  return (
    <span className="num live muted meta ages" data-testid="ages">
      {feedMs === null ? '' : `feed ${ageInMs(feedMs)} · `}eng {ageInMs(engineMs)}
    </span>
  );
}

function Clocks() {
  const clock = useLive('clock');
  const facts = useLive('facts');
  if (!clock || !facts) return <Missing reason="no record yet" />;
  return (
    <span className="rail-group">
      <span className="num live">
        {dateText(facts.zone, clock.now)} {clockText(facts.zone, clock.now)} {zoneWord(facts.zone)}
      </span>
      <span className="num live muted meta">{clockText('Europe/London', clock.now)} London</span>
      <span className="live muted">
        {phaseWord(clock.phase)}
        {countdown(clock)}
      </span>
    </span>
  );
}

function Speed() {
  const run = useLive('run');
  if (!run || run.rowsPerSecond === 0) return null;
  return (
    <span className="rail-group num live muted meta">
      {Math.round(run.rowsPerSecond).toString()} rows/s · {run.pace.toFixed(run.pace < 10 ? 1 : 0)}×
    </span>
  );
}

/** How far the last price lies from the close of the prior session, as far as the flow knows it. */
function Change() {
  const facts = useLive('facts');
  const market = useLive('market');
  const close = useTable('prior-profile/1').rows[0]?.['close'];
  const last = market?.last ?? null;
  if (!facts || last === null || typeof close !== 'number') return null;
  const change = last - close;
  const text = signed(change, facts.instrument.decimals);
  const title = 'since the prior close';
  if (change === 0)
    return (
      <span className="num live" title={title}>
        {text}
      </span>
    );
  return (
    <span className={`num live ${change < 0 ? 'sell' : 'buy'}`} title={title}>
      {change < 0 ? '▼' : '▲'} {text}
    </span>
  );
}

/** What is added to the word of the mode where the market is not the real one of now. */
const skins: ReadonlyMap<string, string> = new Map([
  ['simulator', ' · SIMULATED'],
  ['replay', ' · REPLAY'],
]);

function Skin() {
  const plugin = useLive('facts')?.source?.plugin ?? '';
  return (
    <span className="skin" title="No code path leads to an order">
      OBSERVE{skins.get(plugin) ?? ''}
    </span>
  );
}

/** The line on top of every page: what is shown, its price, its time, and whether it is alive. */
export function MarketRail() {
  const facts = useLive('facts');
  const market = useLive('market');
  return (
    <header className="rail">
      <Skin />
      <span className="rail-group">
        <InstrumentChoice />
        <span className="rail-price">
          <Value
            of={facts ? market?.last : null}
            text={(last) => (facts ? priceText(last, facts.instrument.decimals) : '—')}
            reason="no trade yet"
            className="price"
          />
          <Change />
        </span>
      </span>
      <Clocks />
      <span className="rail-group push">
        <Speed />
        <LinkText />
        <AgesText />
        <RateChip />
        <PastChip />
        <LinkChip />
      </span>
    </header>
  );
}

/** The line of a panel that is open alone: what it is of, when, and whether it is alive. */
export function BareRail() {
  const facts = useLive('facts');
  const clock = useLive('clock');
  return (
    <header className="rail rail-bare">
      <Skin />
      <strong>{facts?.instrument.symbol ?? 'starting'}</strong>
      <Value
        of={facts ? clock?.now : null}
        text={(now) => `${clockText(facts?.zone ?? 'UTC', now)} ${zoneWord(facts?.zone ?? 'UTC')}`}
        reason="no record yet"
      />
      <PastChip />
      <LinkChip />
    </header>
  );
}
