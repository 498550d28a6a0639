/** What a driven plugin offers to a tape. */
interface Feed {
  trade(at: string, price: number, size: number, side: 'buy' | 'sell'): void;
}

/** A level of the table, by its place. */
export function levelRow(slot: number, price: number, active = true): Record<string, unknown> {
  const id = `level-${slot}`;
  return {
    id,
    slot,
    kind: 'manual',
    group: 'manual',
    price,
    active,
    sessions: [],
    validFrom: 0,
    expires: null,
    touches: 0,
    lastTouch: null,
    state: 'untested',
    cluster: id,
    confluence: 1,
    approximate: false,
  };
}

/** A clock time so many seconds after 10:00. */
export function clock(seconds: number): string {
  const [m, s] = [Math.floor(seconds / 60), seconds % 60];
  const whole = String(Math.floor(s)).padStart(2, '0');
  const fraction = String(Math.round((s % 1) * 1_000_000)).padStart(6, '0');
  return `10:${String(m).padStart(2, '0')}:${whole}.${fraction}`;
}

/** Ten buys and ten sells every 10 s, so that there is a baseline of 20 contracts. */
export function steady(run: Feed, from: number, until: number, price = 5000): void {
  for (let at = from; at < until; at += 10) {
    run.trade(clock(at + 1), price, 10, 'buy');
    run.trade(clock(at + 2), price, 10, 'sell');
  }
}
