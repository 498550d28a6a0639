/** All values a number may take; both ends are included. */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** Any number. */
export const anyNumber: Interval = { lo: -Infinity, hi: Infinity };

/** Returns the interval of one number. */
export function exactly(value: number): Interval {
  return { lo: value, hi: value };
}

/** Returns the least interval that holds both. */
export function hull(a: Interval, b: Interval): Interval {
  return { lo: Math.min(a.lo, b.lo), hi: Math.max(a.hi, b.hi) };
}

function spanOf(values: readonly number[]): Interval {
  // Infinity times 0 is no number: the factor 0 decides.
  const known = values.map((v) => (Number.isNaN(v) ? 0 : v));
  return { lo: Math.min(...known), hi: Math.max(...known) };
}

/** Returns whether the interval holds a number. */
export function contains(a: Interval, value: number): boolean {
  return a.lo <= value && value <= a.hi;
}

/** Returns the values of `a op b`; the divisor must not hold 0. */
export function combine(op: '+' | '-' | '*' | '/', a: Interval, b: Interval): Interval {
  switch (op) {
    case '+':
      return { lo: a.lo + b.lo, hi: a.hi + b.hi };
    case '-':
      return { lo: a.lo - b.hi, hi: a.hi - b.lo };
    case '*':
      return spanOf([a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi]);
    case '/':
      return spanOf([a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi]);
  }
}

/** Returns the values of the absolute amount. */
export function absolute(a: Interval): Interval {
  const far = Math.max(Math.abs(a.lo), Math.abs(a.hi));
  return { lo: contains(a, 0) ? 0 : Math.min(Math.abs(a.lo), Math.abs(a.hi)), hi: far };
}

function atLeast(a: Interval, b: Interval): boolean | null {
  if (a.lo >= b.hi) return true;
  return a.hi < b.lo ? false : null;
}

function moreThan(a: Interval, b: Interval): boolean | null {
  if (a.lo > b.hi) return true;
  return a.hi <= b.lo ? false : null;
}

function same(a: Interval, b: Interval): boolean | null {
  if (a.hi < b.lo || b.hi < a.lo) return false;
  return a.lo === a.hi && b.lo === b.hi ? true : null;
}

/** Returns the one outcome of a comparison, or null when both are possible. */
export function outcomeOf(a: Interval, op: string, b: Interval): boolean | null {
  switch (op) {
    case '>=':
      return atLeast(a, b);
    case '>':
      return moreThan(a, b);
    case '<=':
      return atLeast(b, a);
    case '<':
      return moreThan(b, a);
    case '==':
      return same(a, b);
    case '!=': {
      const equal = same(a, b);
      return equal === null ? null : !equal;
    }
    default:
      return null;
  }
}

/** Writes an interval for a message: `4 to 40`, `at least 0`. */
export function formatInterval({ lo, hi }: Interval): string {
  if (lo === hi) return String(lo);
  if (lo === -Infinity && hi === Infinity) return 'any number';
  if (hi === Infinity) return `at least ${lo}`;
  return lo === -Infinity ? `at most ${hi}` : `${lo} to ${hi}`;
}
