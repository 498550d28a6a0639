import { expect, test } from 'vitest';
import { z } from 'zod';
import { signal } from '../contracts/signal.ts';
import { ticks } from '../contracts/units.ts';
import { compositeArea, level } from '../contracts/value-area.ts';
import { isOrderflowError } from '../errors.ts';
import { findInstrument } from '../market/instrument.ts';
import { compileText } from './compile-expression.ts';
import { Expression, type Operands } from './expression.ts';
import { ExpressionEnvironment } from './expression-environment.ts';
import { formatLint, Lints } from './lint-table.ts';
import { ParamScope } from './params.ts';

const es = findInstrument('ES');
const params = z.object({ stopTicks: ticks().min(4).max(40), minRr: z.number().min(1).max(10) });
const context = z.object({
  side: z.string().nullable(),
  ref: z.number().meta({ unit: 'price' }).nullable(),
  note: z.string().nullable(),
});
const base = new ExpressionEnvironment([
  { name: 'p', schema: params },
  { name: 'ctx', schema: context },
  { name: 'area', schema: compositeArea },
  { name: 'level', schema: level, keyed: true },
]);
const environment = new ExpressionEnvironment([{ name: 'ev', schema: signal }], base);

const values: Readonly<Record<string, unknown>> = {
  p: { stopTicks: 12, minRr: 2 },
  ctx: { side: 'long', ref: 17_998, note: null },
  area: { vah: 18_040, val: 17_980, one: { vah: 18_030, val: 17_990 }, sessions: ['2025-11-18'] },
  level: { vah: { kind: 'vah', price: 18_040 }, val: { kind: 'val', price: 17_980 } },
  ev: { side: 'long', price: 18_000, evidence: [{ what: 'volume', value: 380, unit: 'contract' }] },
};

function compiled(text: string): Expression {
  const expression = environment.compile(text);
  if (!(expression instanceof Expression)) throw new Error(`${text}: ${expression.cause}`);
  return expression;
}

function valueOf(text: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  const all = { ...values, ...more };
  return compiled(text).evaluate({ instrument: es, read: (name) => all[name as keyof typeof all] });
}

function failureOf(text: string, more: Readonly<Record<string, unknown>> = {}): string {
  try {
    return `gave ${String(valueOf(text, more))}`;
  } catch (error) {
    if (!isOrderflowError(error, 'OF_EXPRESSION')) throw error;
    return String(error.facts['cause']);
  }
}

/** The lints of an expression, without place. */
function lintsOf(text: string): readonly string[] {
  const lints = new Lints();
  const place = { file: 'f', line: 1, col: 1 };
  const placeAt = (offset: number) => ({ ...place, col: offset + 1 });
  const scalar = {
    kind: 'scalar',
    place,
    value: text,
    quoted: false,
    inFlow: false,
    placeAt,
  } as const;
  compileText(scalar, { environment, instruments: [es], lints, params: new ParamScope() });
  return lints.list.map((lint) => formatLint(lint).slice(2));
}

test.each<[string, unknown]>([
  [
    "(ev.side == 'long' ? area.vah - ev.price : ev.price - area.val) >= p.minRr * p.stopTicks",
    true,
  ],
  ['abs(ev.price - ctx.ref) <= 6', true],
  ['ev.price + 6', 18_006],
  ['ev.price in [1, 18000]', true],
  ['1 + 2 * 3 - 4 / 2', 5],
  ['0x1F', 31],
  ['-5 + 2.5', -2.5],
  ['min(3, 1, 2) + max(1, 2)', 3],
  ['round(2.5)', 3],
  ['ticks(4) + points(2.5)', 14],
  ['price(4500.25)', 18_001],
  ["level['vah'].price - area.one.vah", 10],
  ["'poc' in level", false],
  ['size(ev.evidence) == 1', true],
  ['size(area.sessions) >= 1', true],
  ['ev.evidence[0].value', 380],
  ['ev.evidence.exists(e, e.value > 300)', true],
  ["ctx.side + '!'", 'long!'],
  ['has(ev.target)', false],
  ['has(ctx.note)', false],
  ['has(ctx.side)', true],
  ["has(level['vah'].price)", true],
  ["has(level['poc'])", false],
  ["'poc' in level && has(level['poc'].price)", false],
])('%s is %j', (text, expected) => {
  expect(valueOf(text)).toBe(expected);
});

test.each([
  ['ctx.note == ctx.side', "'ctx.note' has no value"],
  ['ev.target > ev.price', "'ev.target' has no value"],
  ["level['poc'].price == ev.price", "'level['poc']' has no value"],
  ['ev.price > price(4500.3)', 'OF_PRICE_OFF_GRID'],
])('%s cannot be answered, which is never false', (text, cause) => {
  expect(failureOf(text)).toContain(cause);
});

test('a table without a row is told as such, and has() is false for it', () => {
  expect(failureOf('area.vah > ev.price', { area: undefined })).toBe("table 'area' has no row yet");
  expect(failureOf("level['vah'].price > ev.price", { level: undefined })).toBe(
    "table 'level' has no row yet",
  );
  expect(valueOf('has(area.vah)', { area: undefined })).toBe(false);
  expect(valueOf("'vah' in level", { level: undefined })).toBe(false);
});

test('a value of another type than its schema is an error', () => {
  expect(failureOf('ev.price > ctx.ref', { ev: { price: '18000' } })).toContain(
    "not of type 'double'",
  );
});

test('both sides of a comparison are shown as they were', () => {
  const scope = { instrument: es, read: (name: string) => values[name] };
  const sides = (text: string): Operands | null => compiled(text).explain(scope).operands;
  expect(sides('abs(ev.price - ctx.ref) <= 6')).toEqual({ left: 2, op: '<=', right: 6 });
  expect(sides('ev.side == ctx.side')).toEqual({ left: 'long', op: '==', right: 'long' });
  expect(sides("ev.side in ['long', 'short']")).toEqual({
    left: 'long',
    op: 'in',
    right: 'long, short',
  });
  expect(sides('has(ev.target)')).toBeNull();
});

test('an explained comparison has the value of the evaluated one', () => {
  const scope = { instrument: es, read: (name: string) => values[name] };
  const sides = ['ev.price', '18000', '17999.5', 'area.vah', 'size(ev.evidence)'];
  const words = ['ev.side', "'long'", "'short'"];
  for (const op of ['>=', '>', '<=', '<', '==', '!=']) {
    for (const group of [sides, words]) {
      for (const text of group.flatMap((a) => group.map((b) => `${a} ${op} ${b}`))) {
        const expression = environment.compile(text);
        if (expression instanceof Expression)
          expect(expression.explain(scope).value, text).toBe(expression.evaluate(scope));
      }
    }
  }
});

test.each([
  ['ev.price >', /^1:11 error WF004 'ev.price >' is not an expression: it ends too early$/],
  ['buy the dip', /WF004 .*; write \{ text: "buy the dip" \}$/],
  ['evv.price > ctx.ref', /^1:1 error WF001 'evv' is not known in this expression; nearest: 'ev'$/],
  ['ev.prise > ctx.ref', /^1:4 error WF001 'ev' has no field 'prise'; nearest: 'price'$/],
  ['abss(ev.price) > 1', /WF001 function 'abss' is not known; nearest: 'abs'$/],
  ["timestamp('2025-11-19T00:00:00Z') == 1", /WF001 function 'timestamp' is not known/],
  ["ev.side.matches('l.*')", /WF001 function 'matches' is not known/],
  ['ev.price == null', /WF010 .*; ask has\(…\)$/],
  ['ev.price % 2 == 0', /WF010 .*there is no number % number$/],
  ['ev.side > 1', /WF010 .*there is no text > number$/],
  ['area.one > ev.price', /WF010 .*there is no area.one > number$/],
])('%s is told: %s', (text, message) => {
  expect(lintsOf(text)).toEqual([expect.stringMatching(message)]);
});

test.each([
  ['p.stopTicks >= 2', /WF021 'p.stopTicks >= 2' is always true: p.stopTicks is 4 to 40$/],
  ['p.stopTicks > 40', /WF021 .*always false/],
  ['p.stopTicks * p.minRr < 4', /WF021 .*always false: p.stopTicks \* p.minRr is 4 to 400/],
  ['abs(p.stopTicks - 50) < 5', /WF021 .*always false: abs\(p.stopTicks - 50\) is 10 to 46/],
  ['ev.price == ev.price', /WF021 .*always true$/],
  ['size(ev.evidence) >= 0', /WF021 .*always true/],
  [
    "ev.side == 'lnog'",
    /WF014 .*can never be 'lnog': expected one of long, short; nearest: 'long'$/,
  ],
  ["ev.side in ['long', 'shrt']", /^1:21 error WF014 .*'shrt'.*nearest: 'short'$/],
  ['ev.price > 4500', /WF010 .*4500 alone is not a level; write price\(4500\)$/],
  ['ev.price > p.stopTicks', /WF010 .*ev.price is in price, p.stopTicks in tick$/],
  ['ev.price - p.stopTicks == p.stopTicks', /WF010 .*is in price, p.stopTicks in tick$/],
  [
    'ev.price / area.volume > 1',
    /^1:12 error WF014 .*divides by what may be 0; multiply the other side/,
  ],
  [
    'ev.price > price(4500.3)',
    /^1:18 error WF014 price\(4500.3\) is no multiple of the tick 0.25 of 'ES'$/,
  ],
])('%s says nothing or the wrong thing: %s', (text, message) => {
  expect(lintsOf(text)).toEqual([expect.stringMatching(message)]);
});

test.each([
  'p.stopTicks > 12',
  'ev.price - area.val > p.stopTicks',
  'ev.price + p.stopTicks > area.vah',
  'abs(ev.price - ctx.ref) <= 6',
  'ev.price > price(4500.25)',
  'ev.side == ctx.side',
  '(area.vah + area.val) / 2 > ev.price',
  'ev.price / max(1, area.volume) > 1',
  'p.minRr * p.stopTicks < area.vah - ev.price',
  "ev.side in ['long', 'short']",
])('%s is right', (text) => {
  expect(lintsOf(text)).toEqual([]);
});
