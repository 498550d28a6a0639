import { formatElapsed, formatShort } from './format-number.ts';
import type { Host } from './host.ts';
import { cutLine } from './text-table.ts';

const drawEveryMs = 100;
const barWidth = 24;

/** A progress bar on the terminal's error output; in a pipe it writes nothing. */
export class Progress {
  private readonly host: Host;
  private readonly label: string;
  private readonly startedAt: number;
  private drawnAt = -Infinity;
  private isDrawn = false;

  constructor(host: Host, label: string) {
    this.host = host;
    this.label = label;
    this.startedAt = host.wallClock();
  }

  /** Shows how far the work is: `done` 0 to 1, null when nobody knows; `count` things of `unit` so far. */
  show(done: number | null, count: number, unit: string): void {
    const { stderr } = this.host;
    const now = this.host.wallClock();
    if (!stderr.isTerminal || now - this.drawnAt < drawEveryMs) return;
    this.drawnAt = now;
    this.isDrawn = true;
    const elapsed = now - this.startedAt;
    const rate = elapsed > 0 ? `  ${formatShort((count * 1_000) / elapsed)}/s` : '';
    const left =
      done !== null && done > 0.02 && done < 1
        ? `  ${formatElapsed((elapsed * (1 - done)) / done)} left`
        : '';
    const bar =
      done === null ? '' : `${barOf(done)} ${String(Math.floor(done * 100)).padStart(3)} %  `;
    stderr.write(
      `\r\u001B[2K${cutLine(`${this.label}  ${bar}${formatShort(count)} ${unit}${rate}${left}`, stderr.columns - 1)}`,
    );
  }

  /** Removes the bar. */
  end(): void {
    if (this.isDrawn) this.host.stderr.write('\r\u001B[2K');
    this.isDrawn = false;
  }
}

function barOf(done: number): string {
  const full = Math.round(Math.min(1, Math.max(0, done)) * barWidth);
  return `[${'█'.repeat(full)}${'·'.repeat(barWidth - full)}]`;
}
