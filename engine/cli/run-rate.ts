import { microsPerSecond } from '../market/time.ts';

interface Sample {
  readonly wallMs: number;
  readonly rows: number;
  readonly eventTs: number;
}

const windowMs = 3_000;

/** How fast a task runs, over the last seconds of wall time. */
export class RunRate {
  private samples: Sample[] = [];

  /** Notes where the task stands. */
  note(wallMs: number, rows: number, eventTs: number): void {
    this.samples.push({ wallMs, rows, eventTs });
    const first = this.samples.findIndex((sample) => sample.wallMs >= wallMs - windowMs);
    this.samples = this.samples.slice(Math.max(0, first));
  }

  /** Rows in a second of wall time. */
  get rowsPerSecond(): number {
    return this.slope((sample) => sample.rows);
  }

  /** Seconds of event time in a second of wall time. */
  get pace(): number {
    return this.slope((sample) => sample.eventTs / microsPerSecond);
  }

  private slope(of: (sample: Sample) => number): number {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.wallMs === first.wallMs || first.eventTs === 0) return 0;
    return ((of(last) - of(first)) * 1_000) / (last.wallMs - first.wallMs);
  }
}
