import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { assert } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import { toTicks } from '../market/price.ts';
import { isComparison, isTrue } from '../plugin/evidence.ts';
import { comparisonOf } from './expression-source.ts';

/** Functions a flow may call. */
export const functions = [
  'abs',
  'min',
  'max',
  'round',
  'ticks',
  'points',
  'price',
  'size',
  'has',
  'string',
  'double',
];
/** Methods of texts and lists a flow may call. */
export const methods = [
  'contains',
  'startsWith',
  'endsWith',
  'size',
  'exists',
  'exists_one',
  'all',
  'filter',
  'map',
];
/** Words CEL knows as values of type `type`; a flow has no use for them. */
export const typeNames: ReadonlySet<string> = new Set([
  'string',
  'bool',
  'int',
  'uint',
  'double',
  'map',
  'list',
  'bytes',
  'null_type',
  'type',
  'cel',
]);

/** Names a table may not have: those of the other variables, and of CEL's own values. */
export const reservedVariables: ReadonlySet<string> = new Set([
  ...typeNames,
  'ev',
  'ctx',
  'p',
  'it',
]);

/** The instrument `price()` and `points()` mean; set before each evaluation, which runs without a break. */
export interface InstrumentHolder {
  current: Instrument | null;
}

/** Both sides of a comparison, as values of CEL. */
export interface Sides {
  readonly left: unknown;
  readonly right: unknown;
}

// What the last explained comparison saw; filled by the macro below and taken at once.
let seen: Sides | null = null;

/** Returns what the last `explain(…)` saw, once; null when it was no comparison. */
export function takeSides(): Sides | null {
  const sides = seen;
  seen = null;
  return sides;
}

/** A comparison of two numbers or texts, as CEL decides it; null for other types, which CEL is asked for again. */
function decided(left: unknown, op: string, right: unknown): boolean | null {
  if (typeof left === 'number' && typeof right === 'number')
    return isComparison(op) ? isTrue(left, op, right) : null;
  if (op === 'in' && right instanceof Map) return right.get(left) !== undefined;
  if (typeof left !== 'string' || typeof right !== 'string') return null;
  if (op === '==') return left === right;
  return op === '!=' ? left !== right : null;
}

/** Registers the functions of a flow; CEL's own clocks and conversions are kept out by name. */
export function registerFunctions(environment: Environment, holder: InstrumentHolder): void {
  const pure = { async: false };
  const instrument = (): Instrument => {
    assert(holder.current, 'price() and points() are evaluated for an instrument');
    return holder.current;
  };
  environment
    .registerFunction('abs(double): double', (x: number) => Math.abs(x), pure)
    .registerFunction('round(double): double', (x: number) => Math.round(x), pure)
    .registerFunction('min(double, double): double', (a: number, b: number) => Math.min(a, b), pure)
    .registerFunction('max(double, double): double', (a: number, b: number) => Math.max(a, b), pure)
    .registerFunction(
      'min(double, double, double): double',
      (a: number, b: number, c: number) => Math.min(a, b, c),
      pure,
    )
    .registerFunction(
      'max(double, double, double): double',
      (a: number, b: number, c: number) => Math.max(a, b, c),
      pure,
    )
    .registerFunction('ticks(double): double', (x: number) => x, pure)
    .registerFunction(
      'points(double): double',
      (x: number) => (x * instrument().tickSize.den) / instrument().tickSize.num,
      pure,
    )
    .registerFunction('price(double): double', (x: number) => toTicks(instrument(), x), pure)
    .registerFunction('explain(ast): bool', {
      async: false,
      handler: ({ args }: { args: readonly [ASTNode] }) => ({
        typeCheck: (
          checker: { check(node: ASTNode, context: unknown): unknown },
          _macro: unknown,
          context: unknown,
        ) => checker.check(args[0], context),
        evaluate: (
          evaluator: { run(node: ASTNode, context: unknown): unknown },
          _macro: unknown,
          context: unknown,
        ) => {
          const sides = comparisonOf(args[0]);
          if (!sides) return evaluator.run(args[0], context);
          const left = evaluator.run(sides.left, context);
          const right = evaluator.run(sides.right, context);
          seen = { left, right };
          return decided(left, sides.op, right) ?? evaluator.run(args[0], context);
        },
      }),
    })
    .registerOperator('int == double', (a: bigint, b: number) => Number(a) === b);
}
