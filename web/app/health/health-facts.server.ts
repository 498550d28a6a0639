import type { AppLoadContext } from '@remix-run/node';
import type { LiveTask } from '#engine/cli/live-task.ts';
import { recordsFrom } from '#engine/cli/metrics.ts';
import { marketTopic } from '#engine/contracts/market-batch.ts';
import { type Phase, phaseAt } from '#engine/market/session.ts';
import { isTooQuiet } from '../../live/link-state.ts';
import { grouped } from '../format.ts';
import { marketVitals } from './market-vitals.server.ts';
import type { Health, Vital } from './vitals.ts';

/** A frame is not to hold the engine longer than this. */
const dearFrameMs = 2;

type Engine = AppLoadContext['engine'];

/** A reader of a log that grows is always a little behind; that many records are no news. */
const usualLag = 256;

function phaseNow(engine: Engine, symbol: string | null): Phase | null {
  const task = engine.taskOf(symbol)?.runner.task;
  if (!task || !(task.clock.now > 0)) return null;
  return phaseAt(task.instrument.calendar, task.clock.now);
}

function feedVital({ engine, feed }: AppLoadContext, symbol: string | null): Vital {
  const shown = engine.taskOf(symbol)?.symbol ?? symbol;
  const { state, pace, ageMs, jumpingTo } = engine.control.state(shown);
  const what = engine.graph?.sources[0]?.plugin.id ?? 'the market of another process';
  const text = `${what}${pace === null ? '' : `, at ${pace === 'max' ? 'full speed' : `${pace}×`}`}${jumpingTo === null ? '' : ', hurrying to a later moment'}`;
  const words = {
    starting: ['plain', 'STARTING'],
    running: ['ok', 'RUNNING'],
    paused: ['caution', 'PAUSED'],
    ended: ['plain', 'ENDED'],
    failed: ['alarm', 'FAILED'],
  } as const;
  const { usualGapMs } = feed.ageOf(symbol);
  if (isTooQuiet({ state, ageMs, usualGapMs }, phaseNow(engine, symbol))) {
    const long = `${text}; silent for longer than is usual at this time of the trade day`;
    return { what: 'Market feed', tone: 'caution', word: 'SILENT', text: long, ageMs };
  }
  const [tone, word] = words[state];
  return { what: 'Market feed', tone, word, text, ageMs };
}

function engineVital(engine: Engine, live: LiveTask | null): Vital {
  const { status, idleMs } = engine;
  if (status === 'starting')
    return {
      what: 'Engine',
      tone: 'plain',
      word: 'STARTING',
      text: 'opening its log',
      ageMs: null,
    };
  if (status === 'failed') {
    const text = engine.error instanceof Error ? engine.error.message : String(engine.error);
    return { what: 'Engine', tone: 'alarm', word: 'FAILED', text, ageMs: idleMs };
  }
  if (status === 'ended')
    return {
      what: 'Engine',
      tone: 'plain',
      word: 'ENDED',
      text: 'its sources ended',
      ageMs: idleMs,
    };
  const isSlow = idleMs > 3_000;
  const rows = Math.round(live?.rate.rowsPerSecond ?? 0);
  const pace = (live?.rate.pace ?? 0).toFixed(1);
  return {
    what: 'Engine',
    tone: isSlow ? 'caution' : 'ok',
    word: isSlow ? 'BUSY' : 'RUNNING',
    text: `${rows} rows/s, ${pace} seconds of the market in a second`,
    ageMs: idleMs,
  };
}

function nodesVital(live: LiveTask | null): Vital {
  const nodes = live?.runner.task.nodes ?? [];
  const out = nodes.filter(({ quarantined }) => quarantined).map(({ id }) => id);
  if (nodes.length === 0)
    return {
      what: 'Nodes',
      tone: 'plain',
      word: 'NONE YET',
      text: 'the task is not open',
      ageMs: null,
    };
  return out.length === 0
    ? { what: 'Nodes', tone: 'ok', word: 'ALL RUN', text: `${nodes.length} nodes`, ageMs: null }
    : {
        what: 'Nodes',
        tone: 'alarm',
        word: `${out.length} OUT`,
        text: `${out.join(', ')} threw and was taken out; its dead letter says why`,
        ageMs: null,
      };
}

function lateVital(live: LiveTask | null): Vital {
  const late = live?.runner.task.clock.late;
  if (late === undefined)
    return {
      what: 'Late records',
      tone: 'plain',
      word: 'NONE YET',
      text: 'no record was read yet',
      ageMs: null,
    };
  return late === 0
    ? {
        what: 'Late records',
        tone: 'ok',
        word: 'NONE',
        text: 'every record came in order',
        ageMs: null,
      }
    : {
        what: 'Late records',
        tone: 'caution',
        word: String(late),
        text: 'kept their place in the log and could not move time',
        ageMs: null,
      };
}

/** A log that cannot be read is what this page is there to say: the rest of it stays. */
async function logVital(live: LiveTask | null): Promise<Vital> {
  try {
    return await readLog(live);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { what: 'Log', tone: 'alarm', word: 'UNREADABLE', text, ageMs: null };
  }
}

async function readLog(live: LiveTask | null): Promise<Vital> {
  if (!live)
    return {
      what: 'Log',
      tone: 'plain',
      word: 'NOT OPEN',
      text: 'the engine is starting',
      ageMs: null,
    };
  const { log, runner } = live;
  const { instrument, offsets } = runner.task;
  const end = await log.end(marketTopic, instrument.number);
  const from = offsets[marketTopic] ?? 0;
  const { records, isExact } = await recordsFrom(log, marketTopic, instrument.number, from);
  const isBehind = records > usualLag;
  const held = hasMarks(log)
    ? `market data up to offset ${grouped(end)} (batches, and the marks of Kafka's transactions)`
    : `${grouped(end)} market batches`;
  return {
    what: 'Log',
    tone: isBehind ? 'caution' : 'ok',
    word: isBehind ? 'BEHIND' : 'CURRENT',
    text: `${log.kind} log ${log.logId.slice(0, 8)}, ${held}, the task is ${isExact ? '' : 'at most '}${grouped(records)} batches behind`,
    ageMs: null,
  };
}

/** On Kafka the marks of transactions take offsets too: what is counted by offsets is no number of records. */
function hasMarks(log: Engine['log']): boolean {
  return log?.kind === 'kafka';
}

function storeVital({ store, log }: Engine): Vital {
  if (!store)
    return {
      what: 'Store',
      tone: 'plain',
      word: 'NONE',
      text: 'this run keeps no store beside its log',
      ageMs: null,
    };
  const { state, done, all, problem } = store.status;
  const words = {
    opening: 'plain',
    behind: 'caution',
    current: 'ok',
    waiting: 'alarm',
    stopped: 'alarm',
  } as const;
  const isCurrent = state === 'behind' && done !== null && all !== null && all - done <= usualLag;
  const shown = isCurrent ? 'current' : state;
  const progress =
    done === null || all === null
      ? 'not open yet'
      : `${grouped(done)} of ${grouped(all)} ${hasMarks(log) ? 'offsets' : 'records'}`;
  return {
    what: 'Store',
    tone: words[shown],
    word: shown.toUpperCase(),
    text: `${store.name}, ${progress}${problem === null ? '' : `; ${problem}`}`,
    ageMs: null,
  };
}

/** What the windows cost: frames are made in the thread of the engine. */
function windowsVital({ meter }: AppLoadContext): Vital {
  const { windows, framesPerSecond, bytesPerSecond, msPerFrame } = meter.read();
  const isDear = msPerFrame !== null && msPerFrame > dearFrameMs;
  const cost = msPerFrame === null ? '' : `, ${msPerFrame.toFixed(2)} ms each`;
  return {
    what: 'Windows',
    tone: windows === 0 ? 'plain' : isDear ? 'caution' : 'ok',
    word: windows === 0 ? 'NONE' : isDear ? 'DEAR' : String(windows),
    text: `${framesPerSecond.toFixed(1)} frames/s${cost}, ${(bytesPerSecond / 1_024).toFixed(1)} KB/s, all windows together`,
    ageMs: null,
  };
}

function versionsOf({ engine, host }: AppLoadContext, live: LiveTask | null): Health['facts'] {
  const { graph, symbols } = engine;
  const { journal } = live?.runner.task ?? {};
  const { rss } = process.memoryUsage();
  return [
    ['program', host.version],
    ['runtime', `${process.release.name} ${process.version}`],
    [
      'flow',
      graph ? `${graph.name} ${graph.version}, ${graph.hash.slice(0, 12)}` : 'not loaded yet',
    ],
    ['instruments', symbols.length === 0 ? '—' : symbols.join(', ')],
    [
      'journal',
      journal ? `${grouped(journal.seq)} macrosteps, hash ${journal.hash.slice(0, 12)}` : '—',
    ],
    ['memory', `${Math.round(rss / 1_048_576)} MB`],
    ['up for', `${Math.floor(process.uptime() / 60)} min`],
    ['home', engine.home],
  ];
}

/**
 * Returns how the process fares: each part with a word, a reason and an age.
 *
 * @param symbol - The instrument whose task is told of; null for the flow's first.
 */
export async function readHealth(context: AppLoadContext, symbol: string | null): Promise<Health> {
  const { engine } = context;
  const live = engine.taskOf(symbol);
  // Where the flow runs on several, what is of one of them says of which.
  const own = (vital: Vital): Vital =>
    live && engine.symbols.length > 1 ? { ...vital, what: `${vital.what}, ${live.symbol}` } : vital;
  return {
    vitals: [
      own(feedVital(context, symbol)),
      engineVital(engine, live),
      own(nodesVital(live)),
      own(lateVital(live)),
      own(await logVital(live)),
      storeVital(engine),
      windowsVital(context),
    ],
    markets: marketVitals(context),
    windows: context.meter.read(),
    facts: versionsOf(context, live),
  };
}
