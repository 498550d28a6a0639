import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import { type Costs, resultAfterCosts } from './fills.ts';
import type { Ended } from './hit-rates.ts';
import { shuffleDays } from './shuffled-days.ts';
import { type LevelRecord, runStudy, type ToldOutcome } from './study-run.ts';
import type { Tape } from './tape.ts';
import { type ContractDates, contractLookup, type TradeDay } from './trade-days.ts';

/** What shuffled runs share: plain data, so that threads can be handed it. */
export interface NullPlan {
  readonly tape: Tape;
  readonly days: readonly TradeDay[];
  /** Null where the calendar names the contracts. */
  readonly contracts: ContractDates | null;
  /** The levels of the real run. */
  readonly levels: readonly LevelRecord[];
  readonly costs: Costs;
}

/** Returns outcomes as far as figures need them. */
export function endedOf(
  told: readonly ToldOutcome[],
  tape: Tape,
  costs: Costs,
  ends: ReadonlySet<number> = new Set(),
): Ended[] {
  return told.map((one) => ({
    setup: one.setup,
    variant: one.variant,
    tradeDate: one.tradeDate,
    completed: one.result === 'completed',
    netTicks: resultAfterCosts(one, tape, costs, ends),
  }));
}

/** Runs a flow over days shuffled by a seed; returns what ended on a shuffled day. */
export async function runSeed(
  graph: FlowGraph,
  instrument: Instrument,
  plan: NullPlan,
  seed: number,
  progress?: (done: number) => Promise<void> | void,
): Promise<Ended[]> {
  const { days, contracts, levels, costs } = plan;
  const { tape, shuffled, ends } = shuffleDays(plan.tape, days, seed);
  const contractOf = contracts ? contractLookup(contracts) : null;
  const run = { graph, instrument, tape, days, contractOf, levels };
  const { outcomes } = await runStudy({ ...run, ...(progress ? { progress } : {}) });
  return endedOf(
    outcomes.filter(({ tradeDate }) => shuffled.has(tradeDate)),
    tape,
    costs,
    ends,
  );
}
