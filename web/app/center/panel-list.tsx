import type { ReactNode } from 'react';
import { CompositeCorner, DevelopingCorner, PriorCorner } from './corners.tsx';
import { CumulativeDelta } from './delta.tsx';
import { EventLog } from './event-log.tsx';
import { FeedFlag, PermissionFlag } from './flags.tsx';
import { Gear } from './gear.tsx';
import { Hypothesis } from './hypothesis.tsx';
import { Lamps } from './lamps.tsx';
import { MarketControls } from './market-controls.tsx';
import { CompositeStack, Inventory, Opening } from './pre-market.tsx';
import { Pressure } from './pressure.tsx';
import { PricePane } from './price-pane.tsx';
import { Regime } from './regime.tsx';
import { Setups } from './setups.tsx';
import { Signals } from './signals.tsx';

/** Every panel that can be opened alone, by the id it has on the page. */
export const panels: ReadonlyMap<string, ReactNode> = new Map<string, ReactNode>([
  ['feed', <FeedFlag />],
  ['regime', <Regime />],
  ['pressure', <Pressure />],
  ['delta', <CumulativeDelta />],
  ['inventory', <Inventory />],
  ['opening', <Opening />],
  ['lamps', <Lamps />],
  ['cva', <CompositeCorner />],
  ['prior', <PriorCorner />],
  ['dva', <DevelopingCorner />],
  ['position', <Gear />],
  ['price', <PricePane />],
  ['permission', <PermissionFlag />],
  ['hypothesis', <Hypothesis isWhole />],
  ['stack', <CompositeStack />],
  ['signals', <Signals />],
  ['setups', <Setups />],
  ['market', <MarketControls />],
  ['log', <EventLog />],
]);

/** Where a panel is shown alone, without the frame of the app: one window of several screens. */
export function aloneAddress(panel: string): string {
  return `/?panel=${panel}&chrome=0`;
}
