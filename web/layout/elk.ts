import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { ElkNode } from 'elkjs';
import { canonicalJson } from '#engine/contracts/canonical.ts';

/** Layouts kept; a flow with its statecharts has some dozens. */
const mostKept = 128;

/** A layout that takes longer is given up. */
const longestMs = 20_000;

// ELK is some hundred milliseconds of plain computation, which the engine's thread has not to spare. The text is CommonJS
// because the app is bundled: a file of its own would not lie beside the bundle.
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const ELK = require(workerData);
const elk = new ELK();
parentPort.on('message', ({ id, graph }) => {
  elk.layout(graph).then(
    (laid) => parentPort.postMessage({ id, laid }),
    (error) => parentPort.postMessage({ id, error: String((error && error.message) || error) }),
  );
});`;

interface Answer {
  readonly id: number;
  readonly laid?: ElkNode;
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (laid: ElkNode) => void;
  readonly reject: (error: Error) => void;
}

/** Draws graphs in a thread of its own, each structure once. */
class LayoutThread {
  private readonly kept = new Map<string, Promise<ElkNode>>();
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private lastId = 0;

  layout(graph: ElkNode): Promise<ElkNode> {
    const key = createHash('sha256').update(canonicalJson(graph)).digest('hex');
    const known = this.kept.get(key);
    if (known) return known;
    const laid = this.ask(graph);
    this.kept.set(key, laid);
    // What failed is tried again by the next who asks.
    laid.catch(() => this.kept.delete(key));
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest);
    return laid;
  }

  private ask(graph: ElkNode): Promise<ElkNode> {
    const worker = (this.worker ??= this.open());
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.fail(new Error(`the layout took longer than ${longestMs / 1_000} s`));
      }, longestMs);
      late.unref();
      const done = (): void => {
        clearTimeout(late);
        this.waiting.delete(id);
      };
      this.waiting.set(id, {
        resolve: (laid) => {
          done();
          resolve(laid);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      // A thread has no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage({ id, graph });
    });
  }

  private open(): Worker {
    const elk = createRequire(import.meta.url).resolve('elkjs/lib/elk.bundled.js');
    const worker = new Worker(script, { eval: true, workerData: elk });
    worker.on('message', ({ id, laid, error }: Answer) => {
      const waiting = this.waiting.get(id);
      if (laid) waiting?.resolve(laid);
      else waiting?.reject(new Error(error ?? 'no layout'));
    });
    worker.on('error', (error: Error) => this.fail(error));
    // A process is not kept alive for layouts.
    worker.unref();
    return worker;
  }

  private fail(error: Error): void {
    void this.worker?.terminate();
    this.worker = null;
    for (const { reject } of [...this.waiting.values()]) reject(error);
  }
}

const thread = new LayoutThread();

/**
 * Returns a graph with places: ELK's own input and output, off the engine's thread, kept by the hash of its structure.
 * Put nothing into it that changes while a flow runs.
 *
 * @throws when ELK refuses the graph.
 */
export function layOut(graph: ElkNode): Promise<ElkNode> {
  return thread.layout(graph);
}
