import {
  beginSilence,
  certainSilence,
  contracts,
  count,
  developingProfile,
  endSilence,
  formatTradeDate,
  learnBarLength,
  mergeProfiles,
  micros,
  microsPerMinute,
  microsPerSecond,
  type Out,
  pauseSilence,
  period,
  type PeriodRange,
  periodLetter,
  type Phase,
  price,
  type RecordPort,
  resumeSilence,
  type Sensor,
  silenceSlots,
  type Slots,
  spreadBar,
  tradeDate,
  tradeFlags,
  watchBar,
  watchTrade,
} from '#engine';
import { z } from 'zod';
import type { Config } from './config.ts';
import { areasOf, describeSession, meanPrice, measuredSession, shareOf } from './volume-profile.ts';

/** What the sensor hands its machine. */
export const senses = {
  dayBegan: { kind: 'event', schema: z.object({ tradeDate: tradeDate() }) },
  rthOpened: { kind: 'event', schema: z.object({ tradeDate: tradeDate() }) },
  periodClosed: { kind: 'event', schema: period },
  initialBalanceSet: { kind: 'event', schema: z.object({ low: price(), high: price(), periods: count() }) },
  sessionCompleted: { kind: 'event', schema: measuredSession },
  sessionEmpty: { kind: 'event', schema: z.object({ tradeDate: tradeDate(), volume: contracts(), since: micros() }) },
} as const satisfies Record<string, RecordPort>;
