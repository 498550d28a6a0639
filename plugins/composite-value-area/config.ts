import { z } from 'zod';
import { valueAreaFields } from '#engine';
import { plannedOverride } from './ports.ts';

const share = (value: number, description: string) =>
  z.number().min(0).max(1).default(value).meta({ unit: 'share', description });
const tickCount = (value: number, most: number, description: string) =>
  z.number().int().min(0).max(most).default(value).meta({ unit: 'tick', description });
const sessionCount = (value: number, most: number, description: string) =>
  z.number().int().min(1).max(most).default(value).meta({ unit: 'count', description });

/** Parameters of the plugin: one schema for lint, docs and defaults. */
export const config = z.object({
  mode: z.enum(['last5', 'merge']).default('last5').meta({
    description:
      'What `area` and `level` are: the last sessions, or the newest composite that sessions were merged into by overlap',
  }),
  sessions: z.number().int().min(1).max(30).default(5).meta({
    unit: 'count',
    tune: true,
    description: 'Completed sessions that make a whole composite',
  }),
  minSessions: z.number().int().min(1).max(30).default(3).meta({
    unit: 'count',
    description: 'Fewest sessions that make one at all; below `sessions` it is partial',
  }),
  ...valueAreaFields,
  includeShort: z.boolean().default(true).meta({ description: 'Half days take one of the places' }),
  includeHolidays: z
    .boolean()
    .default(true)
    .meta({ description: 'Holidays with trading hours take one of the places' }),
  rollShifts: z
    .record(z.string().regex(/^\d{4}-\d{2}-\d{2}$/), z.number().int())
    .default({})
    .meta({
      unit: 'tick',
      description:
        'By first trade date of the new contract: ticks that carry levels of the old contract over (new settlement minus old)',
    }),
  unknownSpread: z.enum(['restart', 'raw']).default('restart').meta({
    description: 'At a change of contract without a shift: begin anew, or merge as it is',
  }),
  roll: z
    .enum(['by-date', 'monday', 'thursday8'])
    .default('by-date')
    .meta({ description: 'Rule that gives the dates on which the front contract changes' }),
  mergeMin: share(0.5, 'Overlap with the newest composite from which a session is merged into it'),
  splitMax: share(0.25, 'Overlap with the newest composite below which a session begins another'),
  overrides: z.array(plannedOverride).default([]).meta({
    description:
      'Merges and splits of the newest composite, with the reason: each is asked for when the session `after` has ended',
  }),
  maxSessions: z.number().int().min(2).max(30).default(15).meta({
    unit: 'count',
    description: 'Most sessions merged into one composite by overlap; then it is frozen',
  }),
  stackWindow: sessionCount(30, 60, 'Sessions in the archive'),
  stackHalfLife: sessionCount(10, 60, 'Sessions after which an archived composite counts half'),
  stackMinSessions: sessionCount(10, 60, 'Fewest archived sessions that make stacks and clusters'),
  stackShare: share(0.7, 'Share of the greatest coverage that a stack has in every tick'),
  stackTicks: tickCount(4, 100, 'Least height of a stack'),
  stackMinNEff: z.number().min(0).max(30).default(2).meta({
    unit: 'count',
    description:
      'Least number of independent composites (distinct sessions over `sessions`) behind a stack or cluster',
  }),
  clusterTicks: tickCount(4, 100, 'Distance of two edges that belong to one cluster'),
  clusterShare: share(0.05, 'The same distance as a share of the median width, where that is more'),
  clusterDates: sessionCount(3, 30, 'Fewest distinct dates of a cluster'),
  testedTicks: tickCount(1, 20, 'How near a session must have traded to test an edge'),
  relationToleranceTicks: tickCount(2, 20, 'Distance within which two edges of value are equal'),
  pendingTicks: tickCount(
    4,
    100,
    'Distance of a close from a composite edge that leaves a breakout pending',
  ),
  pendingWidth: share(0.5, 'Share of the median width below which value leaves a breakout pending'),
  widthSessions: sessionCount(20, 60, 'Earlier sessions behind the median width'),
  minWidthSessions: sessionCount(5, 60, 'Fewest sessions for a median width'),
  rotationOverlap: share(
    0.7,
    'Overlap with the composite from which a session is balanced rotation',
  ),
  recordOverlap: share(0.7, 'Overlap from which neighbours of one character are merged'),
  balanceOverlap: share(0.5, 'Overlap with the running value area that a session of a balance has'),
  balanceMinSessions: sessionCount(3, 30, 'Fewest sessions in a row of a balance'),
});

/** The parameters after parsing. */
export type Config = z.infer<typeof config>;
