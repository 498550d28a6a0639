/** 1 / sqrt(2 pi). */
const density = 0.398_942_280_401_432_7;
/** Beyond this many standard deviations a double cannot tell the probability from 0 or 1. */
const farthest = 38;
/** Below this |x| the series converges fast; above it the continued fraction does. */
const seriesLimit = 5;
const fractionSteps = 80;

/** Returns e^-x for x >= 0 from + - x / alone, so that it is the same on every engine. */
function expNegative(x: number): number {
  let halvings = 0;
  let small = x;
  while (small > 0.5) {
    small /= 2;
    halvings += 1;
  }
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 20; n += 1) {
    term *= -small / n;
    sum += term;
  }
  for (let n = 0; n < halvings; n += 1) sum *= sum;
  return sum;
}

/**
 * Returns the probability that a standard normal value lies below `x`; accurate to about 1e-13.
 *
 * @source The power series of the error function, and Laplace's continued fraction for the tails.
 */
export function normalCdf(x: number): number {
  const distance = Math.abs(x);
  if (distance > farthest) return x > 0 ? 1 : 0;
  const height = density * expNegative((distance * distance) / 2);
  if (distance <= seriesLimit) {
    let term = x;
    let sum = x;
    for (let n = 3; term !== 0 && n < 400; n += 2) {
      term *= (x * x) / n;
      const next = sum + term;
      if (next === sum) break;
      sum = next;
    }
    return 0.5 + height * sum;
  }
  let fraction = distance;
  for (let n = fractionSteps; n >= 1; n -= 1) fraction = distance + n / fraction;
  const tail = height / fraction;
  return x > 0 ? 1 - tail : tail;
}

/** Returns the value below which a standard normal value lies with probability `p`, 0 < p < 1. */
export function normalQuantile(p: number): number {
  let low = -farthest;
  let high = farthest;
  // Halving needs no derivative and no logarithm; 80 steps reach the precision of a double.
  for (let n = 0; n < 80; n += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
