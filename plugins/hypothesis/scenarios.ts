import type { Payload } from '#engine';
import type { Outputs } from './config.ts';

/** A value area with its point of control, in ticks. */
export interface Value {
  readonly vah: number;
  readonly val: number;
  readonly poc: number;
}

/** 1: upward, a long; -1: downward, a short. */
export type Way = 1 | -1;

/** What scenarios are made from; null where it is not known. */
export interface Levels {
  readonly composite: Value | null;
  readonly prior: (Value & { readonly high: number; readonly low: number }) | null;
  readonly night: { readonly high: number; readonly low: number } | null;
  /** Average daily range in ticks. */
  readonly range: number | null;
  /** The open, or the last price before it. */
  readonly price: number | null;
  /** Near edge of the next composite above and below. */
  readonly above: number | null;
  readonly below: number | null;
}

type Scenario = Payload<Outputs['plan']>['scenarios'][number];

/** What starts a scenario: a touch of a level, or what closes of 30 minutes say about it. */
export interface Trigger {
  readonly kind: 'touch' | 'accept' | 'reject';
  readonly level: number;
  /** Beyond means this way from the level. */
  readonly way: Way;
}

/** A scenario with what starts it. */
export interface Case {
  readonly scenario: Scenario;
  readonly trigger: Trigger | null;
}

type Write = (ticks: number) => string;

/** A scenario with its two sentences apart. */
type Told = Omit<Scenario, 'if' | 'action'>;

function tell(told: Told, condition: string, action: string): Scenario {
  return { ...told, if: condition, action };
}

const sideOf = (way: Way): 'long' | 'short' => (way > 0 ? 'long' : 'short');
const verbOf = (way: Way): string => (way > 0 ? 'buy' : 'sell');
const beyond = (way: Way): string => (way > 0 ? 'above' : 'below');
const against = (way: Way): Way => (way > 0 ? -1 : 1);

/** Returns the first price that lies further on the way than all others given; null without one. */
function firstBeyond(
  way: Way,
  candidates: readonly (number | null)[],
  from: readonly number[],
): number | null {
  const isBeyond = (price: number | null): price is number =>
    price !== null && from.every((other) => (price - other) * way > 0);
  return candidates.find(isBeyond) ?? null;
}

function toTarget(target: number | null, write: Write): string {
  return target === null ? '' : `, target ${write(target)}`;
}

const nameOfRef = (ref: number, poc: number): string =>
  ref === poc ? 'the prior point of control' : 'the edge of prior value';

function trendCases(way: Way, levels: Levels, targetRanges: number, write: Write): Case[] {
  const { prior, price, range } = levels;
  if (prior === null) return [];
  const [far, extreme, next] =
    way > 0 ? [prior.val, prior.high, levels.above] : [prior.vah, prior.low, levels.below];
  const near = price ?? prior.poc + way;
  const ref = [prior.poc, far].find((level) => (near - level) * way > 0) ?? null;
  const measured = range === null ? null : Math.round(extreme + way * targetRanges * range);
  const target = firstBeyond(way, [next, measured], [near, ref ?? near]);
  const at = ref === null ? 'VWAP' : `${write(ref)}, ${nameOfRef(ref, prior.poc)}, or to VWAP`;
  return [
    {
      scenario: tell(
        {
          id: `pullback-${sideOf(way)}`,
          role: 'primary',
          side: sideOf(way),
          entryRef: ref,
          target,
          invalidation: far,
        },
        `price comes back to ${at} and holds`,
        `${verbOf(way)} with the trend${toTarget(target, write)}; wrong when accepted ${beyond(against(way))} ${write(far)}`,
      ),
      trigger: ref === null ? null : { kind: 'touch', level: ref, way: against(way) },
    },
    {
      scenario: tell(
        {
          id: way > 0 ? 'value-lost-below' : 'value-lost-above',
          role: 'alternative',
          side: 'flat',
          entryRef: far,
          target: null,
          invalidation: null,
        },
        `two half hours close ${beyond(against(way))} ${write(far)}, out of prior value`,
        'the trend is off: stand aside',
      ),
      trigger: { kind: 'accept', level: far, way: against(way) },
    },
  ];
}

const nameOf = (way: Way): string => (way > 0 ? 'high' : 'low');

function fade(
  way: Way,
  level: number,
  what: string,
  target: number,
  role: Scenario['role'],
  write: Write,
  then = '',
): Case {
  const side = against(way);
  return {
    scenario: tell(
      {
        id: `${role === 'primary' ? 'fade' : 'fail'}-${nameOf(way)}`,
        role,
        side: sideOf(side),
        entryRef: level,
        target,
        invalidation: level,
      },
      `price looks ${beyond(way)} ${write(level)}, ${what}, and a half hour closes back`,
      `${verbOf(side)} back, target ${write(target)}${then}; wrong when accepted ${beyond(way)} ${write(level)}`,
    ),
    trigger: { kind: 'reject', level, way },
  };
}

function follow(
  way: Way,
  level: number,
  what: string,
  target: number | null,
  role: Scenario['role'],
  write: Write,
): Case {
  return {
    scenario: tell(
      {
        id: `break-${nameOf(way)}`,
        role,
        side: sideOf(way),
        entryRef: level,
        target,
        invalidation: level,
      },
      `two half hours close ${beyond(way)} ${write(level)}, ${what}`,
      `go with it, ${verbOf(way)}${toTarget(target, write)}; wrong after two closes back`,
    ),
    trigger: { kind: 'accept', level, way },
  };
}

function balanceCases(levels: Levels, write: Write): Case[] {
  const { composite, above, below } = levels;
  if (composite === null) return [];
  const { vah, val, poc } = composite;
  const width = vah - val;
  const then = (edge: number): string => `, then ${write(edge)}`;
  const edge = (way: Way): string => `the ${way > 0 ? 'upper' : 'lower'} edge of the composite`;
  const up = firstBeyond(1, [above, vah + width], [vah]);
  const down = firstBeyond(-1, [below, val - width], [val]);
  return [
    fade(1, vah, edge(1), poc, 'primary', write, then(val)),
    fade(-1, val, edge(-1), poc, 'primary', write, then(vah)),
    follow(1, vah, edge(1), up, 'alternative', write),
    follow(-1, val, edge(-1), down, 'alternative', write),
  ];
}

function pendingCases(levels: Levels, write: Write): Case[] {
  const { composite, night } = levels;
  if (night === null) return [];
  const width = composite === null ? null : composite.vah - composite.val;
  const measured = (way: Way, level: number) => (width === null ? null : level + way * width);
  const high = 'the overnight high';
  const low = 'the overnight low';
  const fails =
    composite === null
      ? []
      : [
          fade(1, night.high, high, composite.poc, 'alternative', write),
          fade(-1, night.low, low, composite.poc, 'alternative', write),
        ];
  return [
    follow(1, night.high, high, measured(1, night.high), 'primary', write),
    follow(-1, night.low, low, measured(-1, night.low), 'primary', write),
    // A target on the wrong side of the level would be none.
    ...fails.filter(
      ({ scenario }) =>
        (Number(scenario.target) - Number(scenario.entryRef)) *
          (scenario.side === 'long' ? 1 : -1) >
        0,
    ),
  ];
}

/** Returns the if-thens of a regime, primary ones first; none for an unknown regime. */
export function casesOf(
  regime: string,
  levels: Levels,
  targetRanges: number,
  write: Write,
): Case[] {
  if (regime === 'trend-up') return trendCases(1, levels, targetRanges, write);
  if (regime === 'trend-down') return trendCases(-1, levels, targetRanges, write);
  if (regime === 'balance') return balanceCases(levels, write);
  return regime === 'breakout-pending' ? pendingCases(levels, write) : [];
}
