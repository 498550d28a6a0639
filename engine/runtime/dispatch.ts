import type { MarketBatch } from '../contracts/market-batch.ts';
import { type AggressorState, classify, onQuote } from '../market/aggressor.ts';
import type { NodeInstance } from './node.ts';

/** The task's clock and counters, shared with the generated loop. */
export interface TaskClock {
  /** Largest ts seen, microseconds. */
  now: number;
  /** The next deadline of any kind; the loop stops for it. */
  next: number;
  /** Rows seen so far, heartbeats not counted. */
  rows: number;
  trades: number;
  late: number;
  volume: number;
  inferredVolume: number;
  unknownVolume: number;
}

/** What the generated loop calls back. */
export interface DispatchHost {
  readonly clock: TaskClock;
  readonly aggressor: AggressorState;
  /** Length > 0 when sensors handed something over. */
  readonly queue: { readonly length: number };
  /** Fires all deadlines up to and including `ts`. */
  advance(ts: number, row: number): void;
  /** Fires all deadlines before `ts`. */
  advanceBefore(ts: number, row: number): void;
  /** Runs queued events to completion. */
  drain(row: number): void;
  /** A sensor threw: the node at `position` of the order is to be quarantined. */
  failed(position: number, error: unknown, row: number): void;
}

/** Feeds rows `from` to the end of a batch to all sensors; returns the row it stopped after (a node was quarantined there). */
export type RunRows = (batch: MarketBatch, from: number) => number;

const kinds = ['trade', 'quote', 'depth', 'bar'] as const;
type Hook = (typeof kinds)[number];

const callOf: Record<Hook, string> = {
  trade: 't,p,z,sd,fl',
  quote: 't,a[i],b[i],c[i],d[i]',
  depth: 't,side[i],c[i],a[i],b[i]',
  bar: 't,a[i],b[i],c[i],d[i],bars[x],bars[x+1],bars[x+2],bars[x+3]',
};

/** One call site per sensor and hook: five classes at one call site cost three times as much. */
function callsOf(nodes: readonly NodeInstance[], hook: Hook): string {
  const lines = nodes.flatMap((node, position) =>
    node.sensor?.[hook] && !node.quarantined
      ? [
          `w=${position};h${position}.${hook}(s${position},g${position},${callOf[hook]},o${position});`,
        ]
      : [],
  );
  return lines.join('\n      ');
}

/**
 * Returns times as objects of their own. A call takes a number this large as an object, and from a typed array each call of
 * a sensor would make one anew: half of all garbage.
 */
function boxed(times: ArrayLike<number>, count: number): readonly unknown[] {
  // What is no number keeps the list from becoming one of plain doubles.
  const list: unknown[] = [null];
  for (let i = 0; i < count; i += 1) list[i] = times[i];
  return list;
}

function sourceOf(nodes: readonly NodeInstance[]): string {
  const bind = nodes
    .map(
      (_, i) =>
        `const h${i}=nodes[${i}].sensor,s${i}=nodes[${i}].slots,g${i}=nodes[${i}].config,o${i}=nodes[${i}].out;`,
    )
    .join('\n');
  return `'use strict';
${bind}
const clock=host.clock,aggressor=host.aggressor,queue=host.queue;
return function runRows(batch,from){
  const n=batch.count,kind=batch.kind,ts=batch.ts,side=batch.side,flags=batch.flags;
  const a=batch.a,b=batch.b,c=batch.c,d=batch.d,bars=batch.bars;
  const times=boxed(ts,n);
  let w=-1,i=from,x=0;
  for(let j=0;j<from;j++)if(kind[j]===4)x+=4;
  try{for(;i<n;i++){
    const k=kind[i];
    let t=times[i],fl=flags[i];
    if(k===4){if(t>clock.next)host.advanceBefore(t,i);}
    else if(t>=clock.next)host.advance(t,i);
    if(t<clock.now){t=clock.now;fl|=2;clock.late++;}else clock.now=t;
    if(k!==5)clock.rows++;
    if(k===1){
      const p=a[i],z=b[i],sd=(fl&8)!==0?0:classify(aggressor,t,p,side[i]);
      if(sd===0)clock.unknownVolume+=z;
      else if(aggressor.inferred!==0){fl|=1;clock.inferredVolume+=z;}
      clock.trades++;clock.volume+=z;
      ${callsOf(nodes, 'trade')}
    }else if(k===2){
      onQuote(aggressor,t,a[i],c[i]);
      ${callsOf(nodes, 'quote')}
    }else if(k===3){
      ${callsOf(nodes, 'depth')}
    }else if(k===4){
      if(bars[x]===bars[x])clock.volume+=bars[x];
      ${callsOf(nodes, 'bar')}
      x+=4;
    }
    w=-1;
    if(queue.length!==0)host.drain(i);
  }}catch(error){host.failed(w,error,i);return i;}
  return n;
};`;
}

/** Generates the loop over a batch for these nodes: straight-line calls in graph order. */
export function createRunRows(nodes: readonly NodeInstance[], host: DispatchHost): RunRows {
  const make = new Function('nodes', 'host', 'classify', 'onQuote', 'boxed', sourceOf(nodes)) as (
    nodes: readonly NodeInstance[],
    host: DispatchHost,
    classifyTrade: typeof classify,
    takeQuote: typeof onQuote,
    boxTimes: typeof boxed,
  ) => RunRows;
  return make(nodes, host, classify, onQuote, boxed);
}

/** Hands one row to one sensor: the rare path after another sensor threw. */
function handRow(
  node: NodeInstance,
  batch: MarketBatch,
  row: number,
  side: number,
  ts: number,
): void {
  const { sensor, slots, config, out } = node;
  if (!sensor || !slots) return;
  const at = (column: ArrayLike<number>, i = row): number => column[i] ?? Number.NaN;
  const [a, b, c, d] = [at(batch.a), at(batch.b), at(batch.c), at(batch.d)];
  switch (batch.kind[row]) {
    case 1:
      return sensor.trade?.(slots, config, ts, a, b, side, at(batch.flags), out);
    case 2:
      return sensor.quote?.(slots, config, ts, a, b, c, d, out);
    case 3:
      return sensor.depth?.(slots, config, ts, at(batch.side), c, a, b, out);
    case 4: {
      const x = 4 * batch.kind.subarray(0, row).filter((kind) => kind === 4).length;
      const [volume, bid, ask, vwap] = [
        at(batch.bars, x),
        at(batch.bars, x + 1),
        at(batch.bars, x + 2),
        at(batch.bars, x + 3),
      ];
      return sensor.bar?.(slots, config, ts, a, b, c, d, volume, bid, ask, vwap, out);
    }
    default:
  }
}

/** Finishes row `row` for the nodes after `position`, which threw. */
export function finishRow(
  nodes: readonly NodeInstance[],
  position: number,
  batch: MarketBatch,
  row: number,
  side: number,
  ts: number,
  guarded: (node: NodeInstance, run: () => void) => void,
): void {
  for (const node of nodes.slice(position + 1)) {
    if (!node.quarantined) guarded(node, () => handRow(node, batch, row, side, ts));
  }
}
