import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AlertKeeper, KeptAlerts, Unreadable } from './alert-book.ts';

/** Several alerts of one second are one writing. */
const writeAfterMs = 1_000;

const alert = z.object({
  id: z.number().int(),
  kind: z.enum(['dead-letter', 'node-out', 'feed', 'refused', 'deployed', 'engine']),
  level: z.enum(['alarm', 'note']),
  symbol: z.string().nullable(),
  ts: z.number(),
  at: z.number(),
  node: z.string(),
  seq: z.number().int().nullable(),
  code: z.string().nullable(),
  text: z.string(),
  times: z.number().int(),
  acknowledged: z.object({ by: z.string(), at: z.number() }).nullable(),
});

const kept = z.object({
  since: z.number(),
  lastId: z.number().int(),
  dropped: z.number().int(),
  isClosed: z.boolean(),
  alerts: z.array(alert),
});

/** Keeps alerts in a file. One that cannot be read is set aside, one that cannot be written is let be: neither stops anything. */
export class AlertFile implements AlertKeeper {
  private readonly path: string;
  private timer: NodeJS.Timeout | null = null;

  constructor(path: string) {
    this.path = path;
  }

  read(): KeptAlerts | Unreadable | null {
    if (!existsSync(this.path)) return null;
    try {
      return kept.parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return { unreadable: this.setAside() };
    }
  }

  write(now: () => KeptAlerts): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.put(now());
    }, writeAfterMs);
    this.timer.unref();
  }

  close(last: KeptAlerts): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.put(last);
  }

  private setAside(): string {
    const aside = `${this.path}.unreadable`;
    try {
      renameSync(this.path, aside);
      return aside;
    } catch {
      return this.path;
    }
  }

  private put(all: KeptAlerts): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const next = `${this.path}.next`;
      writeFileSync(next, JSON.stringify(all));
      renameSync(next, this.path);
    } catch {
      // A full disk is told by the log, which stops the run; alerts go on in memory.
    }
  }
}
