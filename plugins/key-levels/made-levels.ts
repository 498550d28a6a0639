// Hand-made sessions for the tests of this folder; prices are decimals, times New York.

type Row = Readonly<Record<string, unknown>>;

/** What a driven plugin offers. */
interface Feed {
  at(time: string): number;
  event(at: string, port: string, payload: Row): void;
}

/** The trade date of made sessions. */
export const today = '2025-11-19';

/** A prior session: range 4980 to 5020, value 4990 to 5010, closed at 5004. */
export const priorOf = (change: Row = {}): Row => ({
  tradeDate: '2025-11-18',
  open: 5000,
  high: 5020,
  low: 4980,
  close: 5004,
  poc: 5000,
  vah: 5010,
  val: 4990,
  shape: 'D',
  short: false,
  approximate: false,
  gap: false,
  contract: 'ESZ25',
  ...change,
});

/** A composite of 4970 to 5030. */
export const compositeOf = (change: Row = {}): Row => ({
  asOf: '2025-11-18',
  inForce: true,
  poc: 5001,
  vah: 5030,
  val: 4970,
  one: { vah: 5030, val: 4970 },
  low: 4960,
  high: 5040,
  volume: 1000,
  widthTicks: 241,
  sessions: ['2025-11-17', '2025-11-18'],
  partial: false,
  approximate: false,
  rollUnadjusted: false,
  rollShiftTicks: 0,
  ...change,
});

/** Naked points of control, oldest first: pairs of session and price. */
export const nakedOf = (...pocs: readonly (readonly [session: string, price: number])[]): Row => ({
  asOf: '2025-11-18',
  pocs: pocs.map(([session, price], i) => ({ session, price, age: pocs.length - i - 1 })),
});

/** Stacks of archived composites: low, high, independent composites. */
export const stackOf = (
  stacks: readonly (readonly [low: number, high: number, nEff: number])[],
  change: Row = {},
): Row => ({
  asOf: '2025-11-18',
  inForce: true,
  composites: [],
  migration: 'unknown',
  weak: false,
  candidate: null,
  archive: [],
  stacks: stacks.map(([low, high, nEff]) => ({ low, high, strength: 1, nEff })),
  clusters: [],
  partial: false,
  approximate: false,
  overlapMin: null,
  ...change,
});

/** A completed session of four rows; most of its volume trades at `poc`. */
export const completedOf = (tradeDate: string, poc: number, change: Row = {}): Row => ({
  tradeDate,
  open: poc,
  high: poc + 0.5,
  low: poc - 0.25,
  close: poc + 0.25,
  volume: 100,
  poc,
  vah: poc,
  val: poc,
  one: { vah: poc, val: poc },
  initialBalance: null,
  shape: 'insufficient',
  features: { rows: 4, peakRatio: 1, pocPosition: 0, lowerShare: 0, middleShare: 0, upperShare: 0 },
  rows: { low: poc - 0.25, volumes: [10, 60, 20, 0], bidVolumes: [], askVolumes: [] },
  tpo: { poc, vah: poc, val: poc, total: 1, low: poc, rowTicks: 1, letters: [] },
  hvn: [],
  lvn: [],
  singlePrints: [],
  buyingTail: null,
  sellingTail: null,
  poorHigh: false,
  poorLow: false,
  short: false,
  holiday: false,
  approximate: false,
  gap: false,
  unknownShare: 0,
  inferredShare: 0,
  contract: 'ESZ25',
  ...change,
});

/** Feeds a row of the calendar. */
export function phaseAt(feed: Feed, at: string, phase: string, change: Row = {}): void {
  feed.event(at, 'phase', {
    phase,
    tradeDate: today,
    since: feed.at(at),
    rthOpen: feed.at('09:30'),
    rthEnd: feed.at('16:00'),
    short: false,
    holiday: false,
    thin: false,
    gap: false,
    contract: 'ESZ25',
    rolled: false,
    ...change,
  });
}
