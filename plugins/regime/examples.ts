import type { PluginExample } from '#engine';

const yaml = `
use: regime@^1
with: { minSessions: 1 }
in: { market: market, prior: profile.prior, composite: cva.area, period: profile.period, phase: session.phase }
`.trimStart();

const dayOf = (phase: string, at: string, tradeDate: string): string =>
  `- { at: "${at}", emit: { session.phase: { phase: ${phase}, tradeDate: "${tradeDate}", rthOpen: null, rthEnd: null, short: false, holiday: false, thin: false, gap: false, contract: null, rolled: false } } }\n`;
const composite = (asOf: string): string =>
  `- { at: "16:00", emit: { cva.area: { asOf: "${asOf}", inForce: true, vah: 5015, val: 4990, poc: 5000 } } }\n`;

/** A night of 20 points, the session after it, and a second night of `points`. */
const twoNights = (val: number, vah: number, points: number): string =>
  [
    composite('2025-11-18').replace('16:00', '18:00'),
    dayOf('overnight', '18:00', '2025-11-19'),
    '- { at: "18:10", trade: { price: 5000, size: 1, side: buy } }\n',
    '- { at: "09:00", trade: { price: 5020, size: 1, side: buy } }\n',
    dayOf('post-rth', '16:00', '2025-11-19'),
    `- { at: "16:00", emit: { profile.prior: { tradeDate: "2025-11-19", vah: ${vah}, val: ${val}, poc: ${vah - 2}, contract: null } } }\n`,
    composite('2025-11-19'),
    '- { day: "2025-11-20" }\n',
    dayOf('overnight', '18:00', '2025-11-20'),
    '- { at: "18:10", trade: { price: 5010, size: 1, side: buy } }\n',
    `- { at: "09:00", trade: { price: ${5010 + points}, size: 1, side: buy } }\n`,
    '- { at: "09:31", trade: { price: 5012, size: 1, side: buy } }\n',
  ].join('');

/** Shown in the docs and run as tests. */
export const examples: readonly PluginExample[] = [
  {
    title: 'Prior value lies above the composite before it: trend up at 09:30',
    yaml,
    feed: twoNights(5020, 5035, 18),
    expect:
      'states: { example: trendUp }\nemits: [ { port: example.regime, payload: { regime: trend-up, stage: final, bias: long } } ]\n',
  },
  {
    title: 'A near miss: the overnight range is half of the usual one, and it had to be less',
    yaml,
    feed: twoNights(4995, 5010, 10),
    expect: 'states: { example: balance }\n',
  },
];
