import { z } from 'zod';
import { dayTypeLimits, shapeLimits, valueAreaFields } from '#engine';

const limit = (value: number, most: number) => z.number().min(0).max(most).default(value);

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  ...valueAreaFields,
  tpoMinutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(30)
    .meta({ unit: 'minute', description: 'Length of a period' }),
  tpoRowTicks: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(1)
    .meta({ unit: 'tick', description: 'Height of a row of the TPO profile' }),
  initialBalanceMinutes: z
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(60)
    .meta({ unit: 'minute', description: 'Length of the initial balance from the RTH open' }),
  minVolumeContracts: z
    .number()
    .int()
    .min(1)
    .default(1)
    .meta({ unit: 'contract', description: 'Least RTH volume of a session that has a profile' }),
  gapSeconds: z.number().int().min(1).max(86_400).default(60).meta({
    unit: 's',
    description: 'Silence inside RTH from which a session counts as having a gap',
  }),
  holidays: z
    .enum(['short', 'none'])
    .default('short')
    .meta({ description: 'A holiday with trading hours has a short session, or none' }),
  skipHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'A holiday session is never the prior session' }),
  roll: z.enum(['raw', 'by-date', 'monday', 'thursday8']).default('raw').meta({
    description:
      'Rule that names the contract of a trade date; raw: the series has no contract ids',
  }),
  touchScope: z.enum(['all', 'rth']).default('all').meta({
    description: 'Which later trades touch a point of control: all, or only those of regular hours',
  }),
  nakedToleranceTicks: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(0)
    .meta({ unit: 'tick', description: 'How near a trade must come to touch a point of control' }),
  nakedKept: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(30)
    .meta({ unit: 'count', description: 'Most untouched points of control kept; the oldest goes' }),
  framingToleranceTicks: z.number().int().min(0).max(2).default(0).meta({
    unit: 'tick',
    description:
      'Step back that one-time framing allows; 0 is strict: an equal low or high breaks it',
  }),
  baselineSessions: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(20)
    .meta({ unit: 'count', description: 'Earlier ordinary sessions behind the averages' }),
  thinShare: limit(0.5, 1).meta({
    unit: 'share',
    description: 'A session below this share of the median volume is thin: it stands for no other',
  }),
  shapeMinRows: limit(shapeLimits.shapeMinRows, 1000).meta({
    unit: 'row',
    description: 'A profile of fewer rows has no shape',
  }),
  shapeMinVolumeShare: limit(shapeLimits.shapeMinVolumeShare, 1).meta({
    unit: 'share',
    description: 'Nor has one with less than this share of the average volume',
  }),
  shapeTrendPeakRatio: limit(shapeLimits.shapeTrendPeakRatio, 100).meta({
    unit: 'ratio',
    description: 'A trend has no row above so many mean rows',
  }),
  dayQuietShare: limit(dayTypeLimits.dayQuietShare, 2).meta({
    unit: 'ratio',
    description: 'A nontrend day: range and initial balance below this part of their averages',
  }),
  dayTrendExtension: limit(dayTypeLimits.dayTrendExtension, 20).meta({
    unit: 'ratio',
    description:
      'Extension of a trend day, in initial balances; a normal variation from there on is extended',
  }),
  dayOneSided: limit(dayTypeLimits.dayOneSided, 20).meta({
    unit: 'ratio',
    description: 'Most extension on the other side of a trend or double distribution',
  }),
  dayOuterShare: limit(dayTypeLimits.dayOuterShare, 0.5).meta({
    unit: 'share',
    description: 'A trend day closes in this outer part of its range',
  }),
  dayMostBreaks: limit(dayTypeLimits.dayMostBreaks, 1).meta({
    unit: 'share',
    description: 'Most steps that break one-time framing on a trend day',
  }),
  dayDoubleExtension: limit(dayTypeLimits.dayDoubleExtension, 20).meta({
    unit: 'ratio',
    description: 'Extension of a double distribution',
  }),
  dayNoExtension: limit(dayTypeLimits.dayNoExtension, 5).meta({
    unit: 'ratio',
    description: 'An extension up to this is none',
  }),
  dayExtremeShare: limit(dayTypeLimits.dayExtremeShare, 0.5).meta({
    unit: 'share',
    description: 'A neutral day that closes in this outer part of its range is extreme',
  }),
  dayNormalExtension: limit(dayTypeLimits.dayNormalExtension, 5).meta({
    unit: 'ratio',
    description: 'Most extension of a normal day',
  }),
  minSessions: z
    .number()
    .int()
    .min(1)
    .max(60)
    .default(5)
    .meta({ unit: 'count', description: 'Sessions needed before an average is used' }),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
