import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
type Triple = readonly [number, number, number];

function channels(token: string): Triple {
  const hex = new RegExp(`--${token}: #([0-9a-f]{6})`).exec(css)?.[1];
  if (hex === undefined) throw new Error(`no colour '${token}' in tokens.css`);
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(0), part(2), part(4)];
}

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const light = ([r, g, b]: Triple): Triple => [linear(r), linear(g), linear(b)];

function luminance(token: string): number {
  const [r, g, b] = light(channels(token));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear channels. */
const sights = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deuter: [
    0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881,
  ],
  protan: [
    0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
  ],
  tritan: [
    1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039,
  ],
} as const;
type Sight = keyof typeof sights;

function labOf(token: string, sight: Sight): Triple {
  const seen = light(channels(token));
  const m = sights[sight];
  const row = (i: number): number =>
    Math.min(
      1,
      Math.max(0, (m[i] ?? 0) * seen[0] + (m[i + 1] ?? 0) * seen[1] + (m[i + 2] ?? 0) * seen[2]),
    );
  const [r, g, b] = [row(0), row(3), row(6)];
  const f = (t: number): number => (t > 216 / 24_389 ? Math.cbrt(t) : (t * 841) / 108 + 4 / 29);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a: string, b: string, sight: Sight): number {
  const [p, q] = [labOf(a, sight), labOf(b, sight)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const grounds = ['canvas', 'panel', 'raised'];
const texts = ['text', 'muted', 'faint', 'buy', 'sell', 'ok', 'caution', 'alarm', 'stale'];
const levels = ['level-cva', 'level-dva', 'level-vwap', 'replay'];

describe('colours', () => {
  it.each(
    [...texts, ...levels].flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  )('text %s can be read on %s', (text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['on-stale', 'stale'],
    ['on-danger', 'danger-fill'],
  ])('text %s can be read on %s', (text, ground) => {
    expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(grounds)('edges of controls stand out from %s', (ground) => {
    expect(contrast('border', ground)).toBeGreaterThanOrEqual(3);
    expect(contrast('focus', ground)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.keys(sights) as Sight[])('buy and sell are told apart by %s sight', (sight) => {
    expect(distance('buy', 'sell', sight)).toBeGreaterThanOrEqual(60);
  });

  // Where two colours come nearer than that, a shape or a pattern is what tells them apart; these are the ones that may.
  it.each(Object.keys(sights) as Sight[])('levels are told apart by %s sight', (sight) => {
    expect(distance('level-cva', 'level-dva', sight)).toBeGreaterThanOrEqual(20);
    expect(distance('level-vwap', 'level-cva', sight)).toBeGreaterThanOrEqual(20);
  });
});
