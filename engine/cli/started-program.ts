// The program as a person runs it, in a process of its own: for tests, and for benches.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const askEveryMs = 25;

/** How a process ended. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of `orderflow` that another one has started. */
export class StartedProgram {
  /** What it wrote so far. */
  out = '';
  err = '';
  readonly child: ChildProcess;
  /** Resolves when it has ended. */
  readonly ended: Promise<Ended>;
  private isOver = false;

  /** @param cwd - The folder that relative paths among the words begin at. */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    cwd: string = root,
  ) {
    this.child = spawn(process.execPath, [join(root, 'orderflow.ts'), ...args], {
      cwd,
      env: { ...process.env, ...env },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += String(chunk)));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += String(chunk)));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code) => {
        this.isOver = true;
        resolve({ code, out: this.out, err: this.err });
      });
    });
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (!this.isOver) this.child.kill(signal);
    return this.ended;
  }

  /** Waits until a condition holds; fails with what the process wrote when it ends first, or after `limitMs`. */
  async until(
    what: string,
    condition: () => boolean | Promise<boolean>,
    limitMs = 30_000,
  ): Promise<void> {
    const limit = performance.now() + limitMs;
    while (!(await condition())) {
      if (this.isOver || performance.now() > limit)
        throw new Error(`${what} did not come about; it wrote:\n${this.out}${this.err}`);
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
  }
}
