import { microsPerSecond } from '../market/time.ts';

interface Sample {
  readonly wallMs: number;
  readonly rows: number;
  readonly eventTs: number;
}

const windowMs = 3_000;

/** How fast a task runs, over the last seconds of wall time. */
export class RunRate {
  private readonly samples: Sample[] = [];

  /** Notes where the task stands; before the first record there is nothing to note. */
  note(wallMs: number, rows: number, eventTs: number): void {
    if (eventTs === 0) return;
    this.samples.push({ wallMs, rows, eventTs });
    // Two are kept whatever their age, so that seldom notes have a rate too.
    while (this.samples.length > 2 && (this.samples[1]?.wallMs ?? wallMs) <= wallMs - windowMs)
      this.samples.shift();
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
    if (!first || !last || last.wallMs === first.wallMs) return 0;
    return ((of(last) - of(first)) * 1_000) / (last.wallMs - first.wallMs);
  }
}
