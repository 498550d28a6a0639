import type { NodeRun } from './node-run.ts';

/** A print of a hand-made tape: ticks from 5000, contracts, and who was the aggressor: by default a buyer above 0, a seller below. */
export type MadePrint = readonly [ticks: number, signed: number, side?: 'buy' | 'sell' | 'none'];

/** When the bars of a hand-made tape begin and their prints trade. */
export interface TapePace {
  /** Begin of bar 0, New York time. */
  readonly start: string;
  readonly barSeconds: number;
  /** From the begin of a bar to its first print. */
  readonly firstSeconds: number;
  /** From print to print. */
  readonly stepSeconds: number;
}

/** Plays bars from bar `from` on; `way` -1 turns prices and sides around. */
export type PlayTape = (
  run: NodeRun,
  way: 1 | -1,
  from: number,
  tape: readonly (readonly MadePrint[])[],
) => void;

/** Price of 0 ticks, in ticks of a quarter. */
const base = 20_000;
const second = 1_000_000;
const sides = { buy: 1, sell: -1, none: 0 } as const;

/** Returns what plays hand-made bars at a pace: each in a batch of its own, time stands at the end of the last. */
export function tapePlayer({ start, barSeconds, firstSeconds, stepSeconds }: TapePace): PlayTape {
  return (run, way, from, tape) => {
    const timeOf = (bar: number): number => run.at(start) + (from + bar) * barSeconds * second;
    tape.forEach((bar, i) => {
      if (bar.length === 0) return;
      run.market((batch) => {
        bar.forEach(([ticks, signed, side], n) => {
          const ts = timeOf(i) + (firstSeconds + n * stepSeconds) * second;
          const aggressor = side === undefined ? Math.sign(signed) : sides[side];
          batch.trade(ts, base + ticks * way, Math.abs(signed), aggressor * way, 0);
        });
      });
    });
    run.market((batch) => batch.heartbeat(timeOf(tape.length)));
  };
}
