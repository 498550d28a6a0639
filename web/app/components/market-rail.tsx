import type { LinkState } from '../../live/link-state.ts';
import { useLink, useLive, useTable } from '../client/use-live.tsx';
import {
  clockText,
  countdown,
  dateText,
  phaseWord,
  priceText,
  signed,
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

/** The state of the link as a chip: shape and word. */
export function LinkChip() {
  const { state, text } = useLink();
  return (
    <span title={text}>
      <Chip tone={tones[state]}>
        <span data-testid="link-state">{state}</span>
      </Chip>
    </span>
  );
}

/** What the state means, where the word alone does not say it and no banner does. */
function LinkText() {
  const { state, text } = useLink();
  if (state === 'LIVE' || state === 'STALE' || state === 'DOWN') return null;
  return <span className="muted meta">{text}</span>;
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
      <span className="num muted meta">{clockText('Europe/London', clock.now)} London</span>
      <span className="muted">
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
    <span className="rail-group num muted meta">
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
  const decimals = facts?.instrument.decimals ?? 2;
  return (
    <header className="rail">
      <Skin />
      <span className="rail-group">
        <InstrumentChoice />
        <span className="rail-price">
          <Value
            of={facts ? market?.last : null}
            text={(last) => priceText(last, decimals)}
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
        <RateChip />
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
      <LinkChip />
    </header>
  );
}
