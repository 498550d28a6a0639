import { z } from 'zod';

const tickCount = (value: number, description: string) =>
  z.number().int().min(0).max(400).default(value).meta({ unit: 'tick', description });
const share = (value: number, description: string) =>
  z.number().min(0).max(10).default(value).meta({ unit: 'share', description });

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  horizonSessions: z.number().int().min(1).max(10).default(3).meta({
    unit: 'count',
    tune: true,
    description:
      'Regular sessions, the first included, that other-side, next-balance, shift and building-outside have',
  }),
  nearTicks: tickCount(2, 'A trade this near to an edge of value is a test of it'),
  pocTicks: tickCount(4, 'A trade this near to a point of control is a touch of it'),
  bounceTicks: tickCount(8, 'One touch is enough with a bounce of so many ticks'),
  touchMinutes: z.number().int().min(1).max(120).default(5).meta({
    unit: 'minute',
    description: 'Least distance of two touches of a point of control',
  }),
  acceptMinutes: z.number().int().min(30).max(390).default(60).meta({
    unit: 'minute',
    description: 'Least time beyond a level for an acceptance by volume',
  }),
  acceptVolumeShare: share(0.6, 'Least share of the volume since then that lies beyond the level'),
  buildingShare: share(
    0.5,
    'Least share of the session volume beyond value that is building there',
  ),
  migrationOverlap: share(
    0.3,
    'Most overlap of developing value with the area for a migration that still overlaps',
  ),
  enterTicks: tickCount(2, 'So far into value price comes before it can be rejected'),
  nextBalanceTicks: tickCount(8, 'The next balance lies at least this far beyond the edge'),
  nextBalanceShare: share(0.25, 'And at least this part of the width of the area'),
  measuredShare: share(0.5, 'Without a next balance: part of the width that is the target'),
  fadeRange: share(1, 'Range of the session, in average ranges, from which the day fades'),
  fadeExtension: share(0.25, 'Growth of the range after that, in average ranges, that ends it'),
  fadeLastMinutes: z.number().int().min(0).max(390).default(30).meta({
    unit: 'minute',
    description: 'No day-fades in this many minutes before the regular end',
  }),
  rangeSessions: z.number().int().min(1).max(60).default(20).meta({
    unit: 'count',
    description: 'Earlier ordinary sessions behind the average range',
  }),
  minSessions: z.number().int().min(1).max(60).default(5).meta({
    unit: 'count',
    description: 'Sessions needed before the average range is used',
  }),
  withoutRegime: z.enum(['refuse', 'ignore']).default('refuse').meta({
    description:
      'Where the regime is not known: refuse what asks for balance, or do without that condition',
  }),
  withoutDelta: z.enum(['refuse', 'ignore']).default('refuse').meta({
    description:
      'Where the aggressor is not known: refuse a confirmed migration, or do without that condition',
  }),
  maxUnknownShare: share(0.15, 'Most volume without aggressor for cumulative delta to be known'),
  openGraceSeconds: z.number().int().min(1).max(86_400).default(300).meta({
    unit: 's',
    description: 'A first trade or bar later than this after the regular open is not the open',
  }),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
