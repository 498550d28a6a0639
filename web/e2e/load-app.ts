import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findInstrument } from '#engine/market/instrument.ts';
import { recordMarket } from './load-replay/recording.ts';
import type { Wire } from './page-meter.ts';
import { writeLoadFlow } from './short-flow.ts';
import { type StartedApp, startApp } from './start-app.ts';

const rowsPerPace = 100;
const longestRunUpMs = 150_000;
const askEveryMs = 200;

/** An engine whose market has a given number of rows a second. */
export interface LoadApp extends StartedApp {
  /** Sets the rows a second from now on, as the buttons of the page do. */
  setRate(rowsPerSecond: number): Promise<void>;
  /** Milliseconds from each row to the frame that showed it, one number for each batch of a few rows. */
  delays(wire: Wire): readonly number[];
  /** Rows a second that the source really wrote between two moments, in milliseconds since the epoch. */
  rateBetween(from: number, to: number): number;
}

/** Sends a command as a page of the server does; returns how long the answer took in milliseconds. */
export async function sendCommand(url: string, body: unknown): Promise<number> {
  const first = await fetch(`${url}/api/session`);
  const { csrf } = (await first.json()) as { readonly csrf: string };
  const headers = {
    origin: url,
    cookie: first.headers.get('set-cookie')?.split(';')[0] ?? '',
    'x-csrf-token': csrf,
    'content-type': 'application/json',
  };
  const begun = performance.now();
  const options = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${url}/api/command`, options);
  if (!answer.ok) throw new Error(`the command was answered with ${answer.status}`);
  await answer.text();
  return performance.now() - begun;
}

/** A batch that the source wrote: event time of its last row, wall milliseconds, rows. */
type Batch = readonly [lastTs: number, wallMs: number, rows: number];

/** Returns the batches since the first days are over. */
function readTrace(file: string): readonly Batch[] {
  const [, ...paced] = readFileSync(file, 'utf8').split('paced\n');
  const lines = paced.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  return lines.map((line) => line.split(' ').map(Number) as unknown as Batch);
}

/** Waits until the source has made the first days and keeps its pace. */
async function untilPaced(trace: string): Promise<void> {
  const until = performance.now() + longestRunUpMs;
  while (!existsSync(trace) || readTrace(trace).length === 0) {
    if (performance.now() > until) throw new Error('the first days took too long');
    await sleep(askEveryMs);
  }
}

function delaysOf(batches: readonly Batch[], { got, acked }: Wire): readonly number[] {
  // A frame was painted when it, or a later one, was acknowledged.
  const painted = got.flatMap(({ n, asOf }) => {
    const ack = acked.find((one) => one.n >= n);
    return ack ? [{ asOf, at: ack.at }] : [];
  });
  const [first, last] = [painted[0], painted.at(-1)];
  if (!first || !last) return [];
  return batches
    .filter(([ts]) => ts > first.asOf && ts <= last.asOf)
    .flatMap(([ts, wallMs]) => {
      const shown = painted.find(({ asOf }) => asOf >= ts);
      return shown ? [shown.at - wallMs] : [];
    });
}

/** Starts a flow on a source of tests at so many rows a second, and waits until it keeps that pace. */
async function startPaced(
  flow: string,
  source: string,
  trace: string,
  rowsPerSecond: number,
): Promise<LoadApp> {
  const speed = String(rowsPerSecond / rowsPerPace);
  const app = await startApp([flow, '--speed', speed], {
    env: { ORDERFLOW_PLUGINS: resolve(import.meta.dirname, source) },
  });
  await untilPaced(trace);
  return {
    ...app,
    setRate: async (rows) => {
      await sendCommand(app.url, { command: 'pace', pace: rows / rowsPerPace });
    },
    delays: (wire) => delaysOf(readTrace(trace), wire),
    rateBetween: (from, to) => {
      const within = readTrace(trace).filter(([, wallMs]) => wallMs > from && wallMs <= to);
      return (within.reduce((sum, [, , rows]) => sum + rows, 0) * 1_000) / (to - from);
    },
  };
}

/**
 * Starts an engine with the shipped flow over `load-market/`: the simulated market with its book, a day and the night
 * before the second session at full speed, then so many rows a second, without end.
 */
export async function startLoadApp(
  rowsPerSecond: number,
  market: Readonly<Record<string, unknown>>,
): Promise<LoadApp> {
  const trace = join(mkdtempSync(join(tmpdir(), 'orderflow-load-')), 'trace');
  const flow = writeLoadFlow({ seed: 7, depth: true, trace, ...market });
  return startPaced(flow, 'load-market', trace, rowsPerSecond);
}

/**
 * The same over `load-replay/`: a market that was recorded beforehand, read from its files by the product's own replay.
 *
 * @param rows - How many the recording has at least after the run-up.
 */
export async function startReplayApp(rowsPerSecond: number, rows: number): Promise<LoadApp> {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-replay-'));
  const trace = join(folder, 'trace');
  const { files, bookFrom } = recordMarket(folder, findInstrument('ES'), rows);
  const flow = writeLoadFlow({ files, pacedFrom: bookFrom, trace }, 'ES', 'load-replay');
  const app = await startPaced(flow, 'load-replay', trace, rowsPerSecond);
  const remove = (): void => {
    app.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...app, remove };
}
