import type { FlowGraph } from '../flow/graph.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnySource, StagedEpisode } from '../plugin/define-plugin.ts';
import { type Firings, runTapeForFirings, watchedPorts } from './calibrate-run.ts';

/** How a kind of staged episode shows: the plugin and port that must speak, and how long after its end at most. */
interface Detection {
  readonly kind: string;
  readonly plugin: string;
  readonly port: string;
  readonly graceSeconds: number;
  /** The record must be of the episode's side. */
  readonly sided: boolean;
}

const detections: readonly Detection[] = [
  { kind: 'absorption', plugin: 'absorption', port: 'signal', graceSeconds: 60, sided: true },
  { kind: 'exhaustion', plugin: 'exhaustion', port: 'signal', graceSeconds: 600, sided: true },
  { kind: 'news', plugin: 'tape', port: 'speed', graceSeconds: 30, sided: false },
  { kind: 'flicker', plugin: 'depth', port: 'flicker', graceSeconds: 5, sided: false },
  { kind: 'drive', plugin: 'opening-drive', port: 'signal', graceSeconds: 0, sided: true },
  { kind: 'traverse', plugin: 'eighty-percent-rule', port: 'signal', graceSeconds: 0, sided: true },
];

/** Ports of {@link detections} that are no signal ports. */
const unsignalled = ['speed', 'flicker'];

/** How many staged episodes of a kind were found. */
export interface StagedResult {
  readonly kind: string;
  readonly plugin: string;
  readonly staged: number;
  readonly found: number;
  /** Seconds from the begin of an episode to the record, ascending. */
  readonly secondsToDetection: readonly number[];
}

/** A simulated market with the truth of what it staged. */
export interface StagedMarket {
  readonly tape: readonly Uint8Array[];
  readonly truth: readonly StagedEpisode[];
}

/** Makes a market with all kinds of episodes; the truth comes beside the rows, never in them. */
export async function stageMarket(
  simulator: AnySource,
  instrument: Instrument,
  config: Readonly<Record<string, unknown>>,
): Promise<StagedMarket> {
  const tape: Uint8Array[] = [];
  const truth: StagedEpisode[] = [];
  await simulator.open({
    config: simulator.config.parse(config) as never,
    instrument,
    resume: null,
    signal: new AbortController().signal,
    write: async (batch) => {
      tape.push(batch.slice());
    },
    staged: (episode) => truth.push(episode),
  });
  return { tape, truth };
}

function isFound(episode: StagedEpisode, at: Detection, ts: number, side: string | null): boolean {
  const isInTime = ts >= episode.from && ts <= episode.to + at.graceSeconds * 1_000_000;
  return isInTime && (!at.sided || side === episode.side);
}

/** Looks for each episode after `warmUpUs` in what the flow said. */
function match(
  graph: FlowGraph,
  firings: Firings,
  truth: readonly StagedEpisode[],
): StagedResult[] {
  return detections.flatMap((at): StagedResult[] => {
    const node = graph.nodes.find(({ plugin }) => plugin.id === at.plugin);
    const episodes = truth.filter(({ kind }) => kind === at.kind);
    if (!node || episodes.length === 0) return [];
    const said = firings.get(`${node.id}.${at.port}`) ?? [];
    const seconds = episodes.flatMap((episode) => {
      const first = said.find(({ ts, side }) => isFound(episode, at, ts, side));
      return first ? [Math.round((first.ts - episode.from) / 100_000) / 10] : [];
    });
    return [
      {
        kind: at.kind,
        plugin: at.plugin,
        staged: episodes.length,
        found: seconds.length,
        secondsToDetection: seconds.toSorted((a, b) => a - b),
      },
    ];
  });
}

/** Runs the flow over staged markets and counts what it found; episodes of the first `warmUpDays` are not asked for. */
export function findStaged(
  graph: FlowGraph,
  instrument: Instrument,
  markets: readonly StagedMarket[],
  warmUpUntil: (market: StagedMarket) => number,
): StagedResult[] {
  const sums = new Map<string, StagedResult>();
  const ports = [
    ...watchedPorts(graph),
    ...graph.nodes.flatMap(({ id, plugin }) =>
      unsignalled
        .filter((port) => plugin.out[port] !== undefined)
        .map((port) => ({ key: `${id}.${port}`, plugin: plugin.id, port, isSignal: false })),
    ),
  ];
  for (const market of markets) {
    const firings = runTapeForFirings(graph, instrument, market.tape, ports);
    const from = warmUpUntil(market);
    const truth = market.truth.filter((episode) => episode.from >= from);
    for (const result of match(graph, firings, truth)) {
      const before = sums.get(result.kind);
      sums.set(result.kind, before ? added(before, result) : result);
    }
  }
  return [...sums.values()];
}

function added(a: StagedResult, b: StagedResult): StagedResult {
  return {
    ...a,
    staged: a.staged + b.staged,
    found: a.found + b.found,
    secondsToDetection: [...a.secondsToDetection, ...b.secondsToDetection].toSorted(
      (x, y) => x - y,
    ),
  };
}
