import { z } from 'zod';
import { assert } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import { toDecimal, toTicks } from '../market/price.ts';
import { elementOf, fieldOf, unwrapSchema } from './schema.ts';

/** Converts one value; `place` names it in a message. */
type Convert = (value: unknown, instrument: Instrument, place: string) => unknown;

/** How a schema's values are converted; null where nothing in them is a price. */
interface Plan {
  readonly to: Convert;
  readonly from: Convert;
}

const plans = new WeakMap<z.ZodType, { readonly plan: Plan | null }>();

const wholePrice: Plan = {
  to: (v, instrument) => (typeof v === 'number' ? toDecimal(instrument, v) : v),
  from: (v, instrument, place) => (typeof v === 'number' ? toTicks(instrument, v, place) : v),
};

const finePrice: Plan = {
  to: wholePrice.to,
  from: (v, { tickSize }) => (typeof v === 'number' ? (v * tickSize.den) / tickSize.num : v),
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function convertFields(
  value: unknown,
  fields: readonly (readonly [string, Convert])[],
  instrument: Instrument,
  place: string,
): unknown {
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, convert] of fields) {
    const field = copy[name];
    if (field !== undefined && field !== null)
      copy[name] = convert(field, instrument, `${place}.${name}`);
  }
  return copy;
}

function objectPlan(fields: ReadonlyMap<string, Plan>): Plan | null {
  if (fields.size === 0) return null;
  const to = [...fields].map(([name, plan]) => [name, plan.to] as const);
  const from = [...fields].map(([name, plan]) => [name, plan.from] as const);
  return {
    to: (v, instrument, place) => convertFields(v, to, instrument, place),
    from: (v, instrument, place) => convertFields(v, from, instrument, place),
  };
}

function fieldPlans(schema: z.ZodObject): Map<string, Plan> {
  const fields = new Map<string, Plan>();
  for (const name of Object.keys(schema.shape)) {
    const field = fieldOf(schema, name);
    const plan = field && planOf(field);
    if (plan) fields.set(name, plan);
  }
  return fields;
}

function arrayPlan(items: (index: number) => Plan | null): Plan {
  const each =
    (side: 'to' | 'from'): Convert =>
    (value, instrument, place) =>
      Array.isArray(value)
        ? value.map((item: unknown, i) => {
            const plan = item === null || item === undefined ? null : items(i);
            return plan ? plan[side](item, instrument, `${place}[${i}]`) : item;
          })
        : value;
  return { to: each('to'), from: each('from') };
}

function recordPlan(item: Plan): Plan {
  const each =
    (side: 'to' | 'from'): Convert =>
    (value, instrument, place) => {
      if (!isRecord(value)) return value;
      const copy: Record<string, unknown> = {};
      for (const [key, field] of Object.entries(value)) {
        copy[key] =
          field === null || field === undefined
            ? field
            : item[side](field, instrument, `${place}.${key}`);
      }
      return copy;
    };
  return { to: each('to'), from: each('from') };
}

/** A field of a union must mean the same in every option that has it: the value does not say which option it is. */
function mergedFields(options: readonly z.ZodObject[]): Map<string, Plan> {
  const fields = new Map<string, Plan | null>();
  for (const option of options) {
    const own = fieldPlans(option);
    for (const name of Object.keys(option.shape)) {
      const plan = own.get(name) ?? null;
      const isSame = !fields.has(name) || fields.get(name) === plan;
      assert(isSame, 'a field of a union has the same unit in every option that has it', name);
      fields.set(name, plan);
    }
  }
  return new Map([...fields].filter((entry): entry is [string, Plan] => entry[1] !== null));
}

function unionPlan(options: readonly z.ZodType[]): Plan | null {
  const objects = options
    .map((option) => unwrapSchema(option).inner)
    .filter((inner) => inner instanceof z.ZodObject);
  const whole = objectPlan(mergedFields(objects));
  const others = options.map((option) =>
    unwrapSchema(option).inner instanceof z.ZodObject ? null : planOf(option),
  );
  const other = others.find((plan) => plan !== null) ?? null;
  if (!whole || !other) return whole ?? other;
  const pick =
    (side: 'to' | 'from'): Convert =>
    (v, instrument, place) =>
      (isRecord(v) ? whole : other)[side](v, instrument, place);
  return { to: pick('to'), from: pick('from') };
}

function tuplePlan(schema: z.ZodTuple): Plan | null {
  const items = schema.def.items.map((item) => (item instanceof z.ZodType ? planOf(item) : null));
  return items.some((item) => item) ? arrayPlan((i) => items[i] ?? null) : null;
}

function makePlan(schema: z.ZodType): Plan | null {
  const { inner, unit } = unwrapSchema(schema);
  if (inner instanceof z.ZodNumber)
    return unit !== 'price' ? null : inner.isInt ? wholePrice : finePrice;
  if (inner instanceof z.ZodObject) return objectPlan(fieldPlans(inner));
  if (inner instanceof z.ZodTuple) return tuplePlan(inner);
  if (inner instanceof z.ZodUnion)
    return unionPlan(inner.options.filter((o) => o instanceof z.ZodType));
  const element = elementOf(inner);
  const item = element && planOf(element);
  if (!item) return null;
  return inner instanceof z.ZodRecord ? recordPlan(item) : arrayPlan(() => item);
}

function planOf(schema: z.ZodType): Plan | null {
  const known = plans.get(schema);
  if (known) return known.plan;
  const plan = makePlan(schema);
  plans.set(schema, { plan });
  return plan;
}

/**
 * Returns a payload in edge form: every field of unit `price` as a decimal instead of ticks, at any depth.
 *
 * The payload itself is not changed; without a price inside it is returned as it is.
 */
export function toEdge<T>(schema: z.ZodType, payload: T, instrument: Instrument): T {
  const plan = planOf(schema);
  return plan && payload !== null && payload !== undefined
    ? (plan.to(payload, instrument, 'payload') as T)
    : payload;
}

/**
 * Returns a payload in inside form: every field of unit `price` in ticks. The inverse of {@link toEdge}.
 *
 * @throws {OF_PRICE_OFF_GRID} when a price level is no multiple of the tick; a fine price, such as a VWAP, may be.
 * @throws {OF_PRICE_UNREADABLE} when a price is not finite.
 */
export function fromEdge<T>(schema: z.ZodType, payload: T, instrument: Instrument): T {
  const plan = planOf(schema);
  return plan && payload !== null && payload !== undefined
    ? (plan.from(payload, instrument, 'payload') as T)
    : payload;
}
