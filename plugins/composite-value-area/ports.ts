import { z } from 'zod';
import {
  completedProfile,
  compositeArea,
  compositeStack,
  level,
  type RecordPort,
  tradeDate,
} from '#engine';

/** What an operator asks of the newest composite. */
export const override = z
  .object({
    action: z.enum(['merge', 'split']),
    /** merge: a session of the newest composite, or the candidate; split: the first session of the new composite. */
    tradeDate: tradeDate(),
    reason: z.string().min(1),
  })
  .meta({ id: 'composite-override/1' });

/** The same, written into a flow: when it is asked for. */
export const plannedOverride = override.extend({
  /** The session after whose end it is asked for. */
  after: tradeDate(),
});

/** What the plugin takes. */
export const inPorts = {
  completed: {
    kind: 'event',
    schema: completedProfile,
    doc: 'Profiles of completed sessions, in order',
  },
  override: {
    kind: 'event',
    schema: override,
    optional: true,
    doc: "An operator's merge or split of the newest composite, with the reason",
  },
} as const satisfies Record<string, RecordPort>;

/** What leaves the plugin. */
export const outPorts = {
  area: { kind: 'table', schema: compositeArea, doc: 'The composite in force' },
  level: { kind: 'table', schema: level, key: 'kind', doc: 'Its three levels, one row each' },
  stack: {
    kind: 'table',
    schema: compositeStack,
    doc: 'Composites by overlap, their migration, and what the archived sessions stack up to',
  },
} as const satisfies Record<string, RecordPort>;
