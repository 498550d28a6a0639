const mostFailures = 5;
const windowMs = 60_000;
const mostAddresses = 1_000;
/** Wrong passwords in a minute, of everyone together, that slow nobody down. */
const freeFailures = 20;
const brakeStepMs = 50;
const longestBrakeMs = 2_000;

/**
 * Slows down who guesses passwords: an address waits after five wrong ones, and many wrong ones from everywhere make
 * each answer late. Nobody is locked out by what others do.
 */
export class LoginThrottle {
  private readonly now: () => number;
  private readonly failures = new Map<string, number[]>();
  private all: number[] = [];

  constructor(now: () => number) {
    this.now = now;
  }

  /** How long an address has to wait until it may try again; 0 when it may now. */
  waitMs(address: string): number {
    const recent = this.recent(this.failures.get(address) ?? []);
    const [oldest] = recent;
    return recent.length < mostFailures || oldest === undefined
      ? 0
      : oldest + windowMs - this.now();
  }

  /** How late an answer is to come now, whatever it says. */
  get brakeMs(): number {
    this.all = this.recent(this.all);
    return Math.min(longestBrakeMs, Math.max(0, this.all.length - freeFailures) * brakeStepMs);
  }

  /** Notes a wrong password. */
  failed(address: string): void {
    const recent = [...this.recent(this.failures.get(address) ?? []), this.now()];
    // At the end again: the table forgets who was wrong longest ago.
    this.failures.delete(address);
    this.failures.set(address, recent);
    if (this.failures.size > mostAddresses) {
      const [oldest] = this.failures.keys();
      if (oldest !== undefined) this.failures.delete(oldest);
    }
    this.all = [...this.recent(this.all), this.now()].slice(-mostAddresses);
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.failures.size;
  }

  private recent(times: readonly number[]): number[] {
    const now = this.now();
    return times.filter((at) => now - at < windowMs);
  }
}
