import type { AppLoadContext } from '@remix-run/node';
import { marketTopic } from '#engine/contracts/market-batch.ts';
import { grouped } from '../format.ts';
import type { Health, Vital } from './vitals.ts';

/** A frame is not to hold the engine longer than this. */
const dearFrameMs = 2;

type Engine = AppLoadContext['engine'];

/** A reader of a log that grows is always a little behind; that many records are no news. */
const usualLag = 256;

function feedVital(engine: Engine): Vital {
  const { state, pace, ageMs, jumpingTo } = engine.control.state();
  const what = engine.graph?.sources[0]?.plugin.id ?? 'the market of another process';
  const text = `${what}${pace === null ? '' : `, at ${pace === 'max' ? 'full speed' : `${pace}×`}`}${jumpingTo === null ? '' : ', hurrying to a later moment'}`;
  const words = {
    starting: ['plain', 'STARTING'],
    running: ['ok', 'RUNNING'],
    paused: ['caution', 'PAUSED'],
    ended: ['plain', 'ENDED'],
    failed: ['alarm', 'FAILED'],
  } as const;
  const [tone, word] = words[state];
  return { what: 'Market feed', tone, word, text, ageMs };
}

function engineVital(engine: Engine): Vital {
  const { status, idleMs, rate } = engine;
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
  return {
    what: 'Engine',
    tone: isSlow ? 'caution' : 'ok',
    word: isSlow ? 'BUSY' : 'RUNNING',
    text: `${Math.round(rate.rowsPerSecond)} rows/s, ${rate.pace.toFixed(1)} seconds of the market in a second`,
    ageMs: idleMs,
  };
}

function nodesVital(engine: Engine): Vital {
  const nodes = engine.runner?.task.nodes ?? [];
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

function lateVital(engine: Engine): Vital {
  const late = engine.runner?.task.clock.late;
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
async function logVital(engine: Engine): Promise<Vital> {
  try {
    return await readLog(engine);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { what: 'Log', tone: 'alarm', word: 'UNREADABLE', text, ageMs: null };
  }
}

async function readLog(engine: Engine): Promise<Vital> {
  const { log, runner } = engine;
  if (!log || !runner)
    return {
      what: 'Log',
      tone: 'plain',
      word: 'NOT OPEN',
      text: 'the engine is starting',
      ageMs: null,
    };
  const { instrument, offsets } = runner.task;
  const end = await log.end(marketTopic, instrument.number);
  const behind = end - (offsets[marketTopic] ?? 0);
  return {
    what: 'Log',
    tone: behind > usualLag ? 'caution' : 'ok',
    word: behind > usualLag ? 'BEHIND' : 'CURRENT',
    text: `${log.kind} log ${log.logId.slice(0, 8)}, ${grouped(end)} market batches, the task is ${grouped(behind)} behind`,
    ageMs: null,
  };
}

function storeVital({ store }: Engine): Vital {
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
    done === null || all === null ? 'not open yet' : `${grouped(done)} of ${grouped(all)} records`;
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

function versionsOf({ engine, host }: AppLoadContext): Health['facts'] {
  const { graph, runner } = engine;
  const { rss } = process.memoryUsage();
  return [
    ['program', host.version],
    ['runtime', `${process.release.name} ${process.version}`],
    [
      'flow',
      graph ? `${graph.name} ${graph.version}, ${graph.hash.slice(0, 12)}` : 'not loaded yet',
    ],
    ['instruments', graph?.instruments.map(({ symbol }) => symbol).join(', ') ?? '—'],
    [
      'journal',
      runner
        ? `${grouped(runner.task.journal.seq)} macrosteps, hash ${runner.task.journal.hash.slice(0, 12)}`
        : '—',
    ],
    ['memory', `${Math.round(rss / 1_048_576)} MB`],
    ['up for', `${Math.floor(process.uptime() / 60)} min`],
    ['home', engine.home],
  ];
}

/** Returns how the process fares: each part with a word, a reason and an age. */
export async function readHealth(context: AppLoadContext): Promise<Health> {
  const { engine } = context;
  return {
    vitals: [
      feedVital(engine),
      engineVital(engine),
      nodesVital(engine),
      lateVital(engine),
      await logVital(engine),
      storeVital(engine),
      windowsVital(context),
    ],
    windows: context.meter.read(),
    facts: versionsOf(context),
  };
}
