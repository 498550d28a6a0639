import { describe, expect, it } from 'vitest';
import { driveNode, type NodeRun } from '#engine/testing.ts';
import {
  beginOf,
  endDay,
  type Ohlc,
  openDay,
  type Path,
  playPeriods,
  today,
} from './made-session.ts';
import { plugin } from './plugin.ts';

type Mode = 'close2' | 'touch2' | 'closeOpen';
type Expected =
  | { readonly state: string; readonly signal?: undefined }
  | {
      readonly state: string;
      readonly signal: readonly [side: string, price: number, at: string];
      readonly result: string;
      readonly in: string;
    };

interface Vector {
  readonly name: string;
  readonly periods: readonly Ohlc[];
  readonly expected: Readonly<Record<Mode, Expected>>;
  readonly extended?: Readonly<Partial<Record<Mode, Expected>>>;
  /** Paths that trade what the vector means; by default all. */
  readonly paths?: readonly Path[];
}

const none = (state: string): Expected => ({ state });
const trade = (
  side: string,
  price: number,
  at: string,
  result: string,
  where: string,
): Expected => ({
  state: result,
  signal: [side, price, at],
  result,
  in: where,
});

/** Value 5000 to 5010. `A`..`D` end at 10:00, 10:30, 11:00, 11:30; the trigger of closeOpen is the first trade of B. */
const vectors: readonly Vector[] = [
  {
    name: 's1 opens above, holds, crosses value',
    periods: [
      [5014, 5015, 5009, 5009.5],
      [5009.5, 5010.5, 5007, 5008],
      [5008, 5009, 5003, 5004],
      [5004, 5005, 4999.75, 5001],
    ],
    expected: {
      close2: trade('short', 5008, '10:30', 'completed', 'D'),
      touch2: trade('short', 5008, '10:30', 'completed', 'D'),
      closeOpen: trade('short', 5009.5, '10:00', 'completed', 'D'),
    },
  },
  {
    name: 's2 only wicks into value',
    periods: [
      [5014, 5015, 5009, 5012],
      [5012, 5013, 5009.5, 5011],
      [5011, 5016, 5010.5, 5015],
    ],
    expected: {
      close2: none('expired'),
      touch2: trade('short', 5011, '10:30', 'rejected', 'C'),
      closeOpen: none('expired'),
    },
  },
  {
    name: 's3 one close in value, then out on the side it came from',
    periods: [
      [4995, 5001, 4994, 5000.5],
      [5000.5, 5002, 4997, 4998],
      [4998, 4999, 4990, 4992],
    ],
    expected: {
      close2: none('expired'),
      touch2: trade('long', 4998, '10:30', 'rejected', 'C'),
      closeOpen: trade('long', 5000.5, '10:00', 'rejected', 'B'),
    },
  },
  {
    name: 's4 triggers and is rejected',
    periods: [
      [4995, 5002, 4994, 5001],
      [5001, 5004, 5000.5, 5003],
      [5003, 5003.5, 4998, 4999],
    ],
    expected: {
      close2: trade('long', 5003, '10:30', 'rejected', 'C'),
      touch2: trade('long', 5003, '10:30', 'rejected', 'C'),
      closeOpen: trade('long', 5001, '10:00', 'rejected', 'C'),
    },
  },
  {
    name: 's5 opens inside value',
    periods: [
      [5004, 5012, 5003, 5011],
      [5011, 5012, 5008, 5009],
      [5009, 5009.5, 5006, 5007],
      [5007, 5007.5, 4999, 5000],
    ],
    expected: {
      close2: none('notApplicable'),
      touch2: none('notApplicable'),
      closeOpen: none('notApplicable'),
    },
    extended: { close2: trade('short', 5007, '11:00', 'completed', 'D') },
  },
  {
    name: 's6 reaches no target before the session ends',
    periods: [
      [5014, 5014.5, 5008, 5009],
      [5009, 5009.5, 5006, 5007],
      [5007, 5008, 5004, 5006],
    ],
    expected: {
      close2: trade('short', 5007, '10:30', 'expired', 'end'),
      touch2: trade('short', 5007, '10:30', 'expired', 'end'),
      closeOpen: trade('short', 5009, '10:00', 'expired', 'end'),
    },
  },
  {
    name: 's7 crosses value in one period',
    periods: [
      [5014, 5014, 4996, 4997],
      [4997, 5002, 4996, 5001],
      [5001, 5004, 5000.5, 5003],
    ],
    expected: { close2: none('crossed'), touch2: none('crossed'), closeOpen: none('crossed') },
    extended: { close2: trade('long', 5003, '11:00', 'expired', 'end') },
  },
  {
    name: 's8 has traded the far edge before the trigger',
    periods: [
      [5014, 5014.5, 4999.5, 5003],
      [5003, 5006, 5002, 5004],
    ],
    expected: { close2: none('spent'), touch2: none('spent'), closeOpen: none('spent') },
  },
];

/** The letter of the period in which an instant lies; a period's end belongs to it. */
function periodAt(run: NodeRun, ts: number): string {
  if (ts >= run.at('16:00')) return 'end';
  return String.fromCharCode(65 + Math.ceil((ts - run.at('09:30')) / 1_800_000_000) - 1);
}

function play(vector: Vector, trigger: Mode, arming: string, path: Path): NodeRun {
  // Half-hour bars are known at their end: the first one still is the open.
  const run = driveNode(plugin, {
    tradeDate: today,
    config: { trigger, arming, openGraceSeconds: 1_800 },
  });
  openDay(run);
  playPeriods(run, vector.periods, path);
  endDay(run);
  return run;
}

function check(run: NodeRun, trigger: Mode, path: Path, expected: Expected): void {
  expect(run.errors).toEqual([]);
  expect(run.state).toBe(expected.state);
  const signals = run.emits.filter((e) => e.port === 'signal');
  const outcomes = run.emits.filter((e) => e.port === 'outcome');
  if (!expected.signal) {
    expect([...signals, ...outcomes]).toEqual([]);
    return;
  }
  const [side, price, at] = expected.signal;
  expect(signals).toHaveLength(1);
  expect(signals[0]?.payload).toMatchObject({ side, price, trigger });
  // A bar tells its open only when it ends.
  const known = trigger === 'closeOpen' && path === 'bar' ? beginOf(2) : at;
  expect(signals[0]?.ts).toBe(run.at(known));
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0]?.payload).toMatchObject({ side, result: expected.result, entry: price });
  expect(periodAt(run, outcomes[0]?.ts ?? 0)).toBe(expected.in);
}

const modes: readonly Mode[] = ['close2', 'touch2', 'closeOpen'];
const paths: readonly Path[] = ['high-first', 'low-first', 'bar'];

describe('the sessions of vector V12', () => {
  for (const vector of vectors) {
    for (const mode of modes) {
      it.each(paths)(`${vector.name}: ${mode}, %s`, (path) => {
        check(play(vector, mode, 'strict', path), mode, path, vector.expected[mode]);
      });
    }
    for (const [mode, expected] of Object.entries(vector.extended ?? {})) {
      it.each(paths)(`${vector.name}: extended ${mode}, %s`, (path) => {
        check(play(vector, mode as Mode, 'extended', path), mode as Mode, path, expected);
      });
    }
  }

  it('says at which point a spent session was spent', () => {
    const { periods } = vectors[7]!;
    const spentAt = (trigger: Mode): number => {
      const run = driveNode(plugin, { tradeDate: today, config: { trigger } });
      openDay(run);
      playPeriods(run, periods);
      return (run.journal.find((step) => step.to === 'spent')?.ts ?? 0) - run.at('09:30');
    };
    expect(modes.map(spentAt)).toEqual([3_600_000_000, 3_600_000_000, 1_800_000_000]);
  });
});
