import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useSearchParams } from '@remix-run/react';
import { readValues } from '../../gateway/live-values.ts';
import { Arranged } from '../center/arranged.tsx';
import { EventLog } from '../center/event-log.tsx';
import { FeedFlag } from '../center/flags.tsx';
import { Gear } from '../center/gear.tsx';
import { MarketControls } from '../center/market-controls.tsx';
import { aloneAddress, panels } from '../center/panel-list.tsx';
import { PresetLinks, usePreset } from '../center/presets.tsx';
import { Regime } from '../center/regime.tsx';
import { Setups } from '../center/setups.tsx';
import { Signals } from '../center/signals.tsx';
import { chosenOf } from '../chosen-task.server.ts';
import { DeckContext } from '../components/deck.ts';
import { Link } from '../components/link.tsx';
import { isOtherInstrument } from '../instrument.ts';
import styles from '../styles/center.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];

export const meta: MetaFunction = () => [{ title: 'Command center · OrderFlow' }];

/** Contracts of the tables that the first paint shows. */
const contracts = [
  'regime/1',
  'tape-state/1',
  'cumulative-delta/1',
  'composite-area/1',
  'developing-profile/1',
  'prior-profile/1',
  'hypothesis/1',
  'overnight-inventory/1',
  'composite-stack/1',
  'opening-type/1',
  'vwap-bands/1',
];

export function loader({ request, context }: LoaderFunctionArgs) {
  const { symbol } = chosenOf(context.engine, request);
  return { live: readValues(context, symbol, ['machines', 'signals', 'lamps'], contracts) };
}

/** What changes comes over the socket. */
export const shouldRevalidate = isOtherInstrument;

/** Panels in rows, each with a menu. */
const deck = { aloneOf: aloneAddress };
/** A panel that is alone already. */
const aloneDeck = { aloneOf: () => null };

export default function CommandCenter() {
  const [search] = useSearchParams();
  const panel = search.get('panel');
  return panel === null ? (
    <DeckContext.Provider value={deck}>
      <Desk />
    </DeckContext.Provider>
  ) : (
    <DeckContext.Provider value={aloneDeck}>
      <Alone id={panel} />
    </DeckContext.Provider>
  );
}

/** One panel and nothing else. */
function Alone({ id }: { readonly id: string }) {
  const panel = panels.get(id);
  if (panel === undefined)
    return (
      <div className="error-box" role="alert">
        <h1>There is no panel ‘{id}’</h1>
        <p>One of these can be opened alone:</p>
        <ul className="alone-list">
          {[...panels.keys()].map((known) => (
            <li key={known}>
              <Link to={aloneAddress(known)}>{known}</Link>
            </li>
          ))}
        </ul>
      </div>
    );
  return (
    <div className="alone">
      <h1 className="hidden-visually">Command center, one panel</h1>
      {panel}
    </div>
  );
}

function Desk() {
  const preset = usePreset();
  return (
    <>
      <div className="center-head">
        <h1>Command center</h1>
        <PresetLinks />
      </div>
      {preset === 'pit-wall' ? (
        <div className="center center-pit-wall">
          <PitWall />
        </div>
      ) : (
        <Arranged layout={preset} />
      )}
    </>
  );
}

function PitWall() {
  return (
    <>
      <FeedFlag />
      <Gear />
      <Regime />
      <Signals />
      <Setups />
      <MarketControls />
      <EventLog />
    </>
  );
}
