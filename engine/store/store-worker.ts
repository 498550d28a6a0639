// The thread of the store. PGlite computes on the thread that calls it and would starve the engine there.
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { isOrderflowError } from '../errors.ts';
import type { Log } from '../runtime/ports.ts';
import type { LogAddress } from '../runtime/store-port.ts';
import { StoreLoop } from './store-loop.ts';
import { StoreSession } from './store-session.ts';
import type { StoreAnswer, StoreCall, StoreTask } from './thread-words.ts';

/**
 * PGlite is ten megabytes of WebAssembly, and V8 compiles what runs often a second time, which takes half a gigabyte while
 * it does. Compiled once it needs twice the processor time for a row, of which a run beside it writes a few a second.
 */
const compileOnce = ['--liftoff-only', '--no-wasm-tier-up', '--no-wasm-dynamic-tiering'] as const;

async function openLog({ module, open, options }: LogAddress): Promise<Log> {
  const door = (await import(module)) as Record<string, (options: unknown) => Log | Promise<Log>>;
  const opener = door[open];
  if (!opener) throw new Error(`'${module}' has no '${open}'`);
  return opener(options);
}

/** Rests that a call can end. */
class Rest {
  private wake: (() => void) | null = null;

  for(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  end(): void {
    const { wake } = this;
    this.wake = null;
    wake?.();
  }
}

if (parentPort) {
  const port = parentPort;
  const { target, log, partitions } = workerData as StoreTask;
  if (target.kind === 'embedded') for (const flag of compileOnce) setFlagsFromString(flag);
  const say = (word: StoreAnswer): void => port.postMessage(word);
  const rest = new Rest();
  const loop = new StoreLoop({
    target,
    partitions,
    openLog: () => openLog(log),
    openSession: () => StoreSession.open(target),
    rest: (ms) => rest.for(ms),
    now: () => performance.now(),
    told: (status) => say({ kind: 'status', status }),
  });
  port.on('message', (call: StoreCall) => {
    if (call.kind === 'end') {
      loop.end(call.mostMs);
      rest.end();
      return;
    }
    const { id } = call;
    loop.ask(call.question, call.ask).then(
      (rows) => say({ kind: 'rows', id, rows }),
      (error: unknown) => {
        const code = isOrderflowError(error) ? error.code : null;
        const facts = isOrderflowError(error) ? error.facts : {};
        say({ kind: 'refused', id, code, facts, message: String(error) });
      },
    );
  });
  await loop.run();
  // What is still on its way to the other thread is delivered first.
  port.close();
  process.exitCode = 0;
}
