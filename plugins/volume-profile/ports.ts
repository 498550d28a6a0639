import { z } from 'zod';
import {
  completedProfile,
  contracts,
  developingProfile,
  nakedPocs,
  period,
  price,
  priorProfile,
  type RecordPort,
  tradeDate,
} from '#engine';
import { measuredSession } from './volume-profile.ts';

/** What the sensor hands the machine. */
export const senses = {
  dayBegan: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'A trading day began',
  },
  rthOpened: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate() }),
    doc: 'Regular trading hours began',
  },
  periodClosed: { kind: 'event', schema: period, doc: 'A period of regular trading hours ended' },
  initialBalanceSet: {
    kind: 'event',
    schema: z.object({ low: price(), high: price() }),
    doc: 'The first hour ended, and something had traded in it',
  },
  sessionCompleted: {
    kind: 'event',
    schema: measuredSession,
    doc: 'Regular trading hours ended with volume',
  },
  nakedTouched: {
    kind: 'event',
    schema: z.object({ sessions: z.array(tradeDate()) }),
    doc: 'A trade touched the points of control of these sessions',
  },
  sessionEmpty: {
    kind: 'event',
    schema: z.object({ tradeDate: tradeDate(), volume: contracts() }),
    doc: 'Regular trading hours ended with too little volume for a profile',
  },
} as const satisfies Record<string, RecordPort>;

/** What leaves the plugin. */
export const out = {
  completed: {
    kind: 'event',
    schema: completedProfile,
    doc: 'The whole profile of a session, when it ends',
  },
  prior: { kind: 'table', schema: priorProfile, doc: 'The last completed ordinary session' },
  developing: {
    kind: 'table',
    schema: developingProfile,
    every: '15s',
    doc: "Today's profile as it stands",
  },
  period: { kind: 'event', schema: period, doc: 'Each closed period of regular trading hours' },
  naked: {
    kind: 'table',
    schema: nakedPocs,
    doc: 'Points of control that no later trade has touched, oldest first',
  },
} as const satisfies Record<string, RecordPort>;
