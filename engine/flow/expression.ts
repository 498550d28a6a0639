import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  EvaluationError,
  ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { z } from 'zod';
import { assert, isOrderflowError, OrderflowError } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import { toTicks } from '../market/price.ts';
import { CelTypes, type RowClass, type Wrap } from './cel-types.ts';
import { comparisonOf, type Rewritten, rangeOf, walk, withDoubles } from './expression-source.ts';

/** A variable of an expression. */
export interface Variable {
  readonly name: string;
  /** Its schema; null when unknown, so that it is checked on reading only. */
  readonly schema: z.ZodType | null;
  /** A keyed table: a map from key to row. */
  readonly keyed?: boolean;
}

/** Where an expression finds the values of its variables. */
export interface Scope {
  readonly instrument: Instrument | null;
  /** Returns a variable's plain value; undefined when there is none yet. */
  read(variable: string): unknown;
}

/** Both sides of a comparison as they were. */
export interface Operands {
  readonly left: number | string | boolean | null;
  readonly op: string;
  readonly right: number | string | boolean | null;
}

/** Why a text is no expression of this environment. */
export interface Problem {
  readonly kind: 'parse' | 'variable' | 'field' | 'function' | 'type';
  /** Character of the text it is about. */
  readonly offset: number;
  readonly cause: string;
  /** The name that leads nowhere. */
  readonly name: string;
  /** Names that would be known there. */
  readonly known: readonly string[];
}

const functions = [
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
const methods = [
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
const typeNames: ReadonlySet<string> = new Set([
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
interface InstrumentHolder {
  current: Instrument | null;
}

interface Reader {
  readonly name: string;
  readonly row: { readonly instance: { raw: Readonly<Record<string, unknown>> } } | null;
  readonly wrap: Wrap | null;
}

interface Programs {
  readonly value: ParseResult;
  /** Evaluates both sides of a comparison and keeps them; null when the expression is no comparison. */
  readonly explained: ParseResult | null;
  readonly type: string;
}

const none: Readonly<Record<string, unknown>> = Object.freeze({});

// What the last explained comparison saw; filled by the macro below and read at once.
let seen: { left: unknown; right: unknown } | null = null;

/** A compiled expression. */
export class Expression {
  readonly source: string;
  /** CEL type of its result: `bool`, `double`, `string`, `dyn`, … */
  readonly type: string;
  readonly ast: ASTNode;
  /** Variables it reads. */
  readonly uses: readonly string[];
  private readonly program: ParseResult;
  private readonly explained: ParseResult | null;
  private readonly op: string;
  private readonly rewritten: Rewritten;
  private readonly holder: InstrumentHolder;
  private readonly readers: readonly Reader[];
  private readonly values: Record<string, unknown> = {};

  constructor(
    source: string,
    rewritten: Rewritten,
    programs: Programs,
    holder: InstrumentHolder,
    readers: readonly Reader[],
  ) {
    this.source = source;
    this.rewritten = rewritten;
    this.program = programs.value;
    this.explained = programs.explained;
    this.type = programs.type;
    this.ast = programs.value.ast;
    this.op = comparisonOf(this.ast)?.op ?? '';
    this.holder = holder;
    this.readers = readers;
    this.uses = readers.map(({ name }) => name);
  }

  /** Returns the source of a part of the expression as it was written. */
  textOf(node: ASTNode): string {
    const { start, end } = rangeOf(node);
    return this.source.slice(
      this.rewritten.originalOffset(start),
      this.rewritten.originalOffset(end),
    );
  }

  /** Returns the character of the source at which a part begins. */
  offsetOf(node: ASTNode): number {
    return this.rewritten.originalOffset(node.start);
  }

  /**
   * Returns the value.
   * @throws {OF_EXPRESSION} when a value it reads is absent or of another type; an error is never false.
   */
  evaluate(scope: Scope): unknown {
    this.prepare(scope);
    try {
      return this.program(this.values);
    } catch (error) {
      throw this.failure(error, scope);
    }
  }

  /** Returns both sides of a comparison; null when the expression is none, or a side cannot be shown. */
  operands(scope: Scope): Operands | null {
    if (!this.explained) return null;
    this.prepare(scope);
    seen = null;
    try {
      this.explained(this.values);
    } catch (error) {
      throw this.failure(error, scope);
    }
    const sides = seen as { left: unknown; right: unknown } | null;
    return sides && { left: shown(sides.left), op: this.op, right: shown(sides.right) };
  }

  private prepare(scope: Scope): void {
    this.holder.current = scope.instrument;
    for (const reader of this.readers) {
      const raw = scope.read(reader.name);
      if (reader.row) {
        reader.row.instance.raw = (raw ?? none) as Readonly<Record<string, unknown>>;
        this.values[reader.name] = reader.row.instance;
      } else this.values[reader.name] = reader.wrap ? reader.wrap(raw ?? none) : raw;
    }
  }

  private failure(error: unknown, scope: Scope): OrderflowError {
    if (isOrderflowError(error))
      return new OrderflowError(
        'OF_EXPRESSION',
        { text: this.source, cause: error.message },
        { cause: error },
      );
    assert(
      error instanceof EvaluationError,
      'an expression ends with a value or an EvaluationError',
      error,
    );
    return new OrderflowError(
      'OF_EXPRESSION',
      { text: this.source, cause: this.causeOf(error, scope) },
      { cause: error },
    );
  }

  private causeOf(error: EvaluationError, scope: Scope): string {
    if (error.code !== 'no_such_key' && error.code !== 'unknown_variable') return error.summary;
    const node = error.node;
    if (!node || !('toOldStructure' in node)) return error.summary;
    for (const name of this.uses) {
      const isTable = !['ev', 'ctx', 'p', 'it'].includes(name);
      if (isTable && scope.read(name) === undefined && readsFrom(node as ASTNode, name))
        return `table '${name}' has no row yet`;
    }
    return `'${this.textOf(node as ASTNode)}' has no value`;
  }
}

function readsFrom(node: ASTNode, name: string): boolean {
  let found = false;
  walk(node, (part) => {
    if (part.op === 'id' && part.args === name) found = true;
  });
  return found;
}

function shown(value: unknown): number | string | boolean | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof Map) return [...value.keys()].join(', ');
  return Array.isArray(value) && value.every((v) => typeof v !== 'object')
    ? value.join(', ')
    : null;
}

function registerFunctions(environment: Environment, holder: InstrumentHolder): void {
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
          if (sides)
            seen = {
              left: evaluator.run(sides.left, context),
              right: evaluator.run(sides.right, context),
            };
          return true;
        },
      }),
    })
    .registerOperator('int == double', (a: bigint, b: number) => Number(a) === b);
}

/** The variables, types and functions expressions of one place may use. */
export class ExpressionEnvironment {
  private readonly environment: Environment;
  private readonly types: CelTypes;
  private readonly holder: InstrumentHolder;
  private readonly variables: ReadonlyMap<
    string,
    { readonly variable: Variable; readonly row: RowClass | null; readonly wrap: Wrap | null }
  >;

  constructor(variables: readonly Variable[], parent: ExpressionEnvironment | null = null) {
    this.holder = parent?.holder ?? { current: null };
    this.environment = parent ? parent.environment.clone() : new Environment();
    if (!parent) registerFunctions(this.environment, this.holder);
    this.types = new CelTypes(this.environment);
    const known = new Map(parent?.variables);
    for (const variable of variables) known.set(variable.name, this.register(variable));
    this.variables = known;
  }

  private register(variable: Variable): {
    variable: Variable;
    row: RowClass | null;
    wrap: Wrap | null;
  } {
    const { name, schema, keyed } = variable;
    if (schema instanceof z.ZodObject && !keyed) {
      const type = this.types.rowClass(schema, name === 'p' ? 'params' : name);
      this.environment.registerVariable(name, type.name);
      return { variable, row: type.Row, wrap: null };
    }
    const type = keyed ? this.types.mapType(schema, name) : this.types.typeOf(schema, name);
    this.environment.registerVariable(name, type.name);
    return { variable, row: null, wrap: type.wrap };
  }

  /** Returns the schema of a variable, a keyed table as a record; null when unknown. */
  schemaOf(name: string): z.ZodType | null {
    const variable = this.variables.get(name)?.variable;
    if (!variable?.schema) return null;
    return variable.keyed ? z.record(z.string(), variable.schema) : variable.schema;
  }

  /** Compiles a text once; what is wrong with it is a value. */
  compile(source: string): Expression | Problem {
    let rewritten: Rewritten = { text: source, originalOffset: (offset) => offset };
    try {
      const first = this.environment.parse(source);
      const foreign = this.foreignName(first.ast);
      if (foreign) return foreign;
      rewritten = withDoubles(source, first.ast);
      const program = this.environment.parse(rewritten.text);
      const checked = program.check();
      if (!checked.valid) return this.problem(checked.error, rewritten);
      return this.expression(source, rewritten, program, checked.type ?? 'dyn');
    } catch (error) {
      return this.problem(error, rewritten);
    }
  }

  private expression(
    source: string,
    rewritten: Rewritten,
    program: ParseResult,
    type: string,
  ): Expression {
    let explained: ParseResult | null = null;
    if (comparisonOf(program.ast)) {
      explained = this.environment.parse(`explain(${rewritten.text}\n)`);
      explained.check();
    }
    const names = new Set<string>();
    walk(program.ast, (node) => {
      if (node.op === 'id' && this.variables.has(node.args)) names.add(node.args);
    });
    const readers = [...names].map((name): Reader => {
      const { row, wrap } = this.variables.get(name)!;
      return { name, row: row && { instance: new row(none) }, wrap };
    });
    return new Expression(
      source,
      rewritten,
      { value: program, explained, type },
      this.holder,
      readers,
    );
  }

  /** Names CEL knows and a flow does not: conversions, clocks, types. */
  private foreignName(root: ASTNode): Problem | null {
    let found: Problem | null = null;
    const refuse = (
      kind: Problem['kind'],
      node: ASTNode,
      name: string,
      known: readonly string[],
    ): void => {
      found ??= { kind, offset: node.start, cause: `'${name}' is not known`, name, known };
    };
    walk(root, (node) => {
      if (node.op === 'call' && !functions.includes(node.args[0]))
        refuse('function', node, node.args[0], functions);
      if (node.op === 'rcall' && !methods.includes(node.args[0]))
        refuse('function', node, node.args[0], methods);
      if (node.op === 'id' && typeNames.has(node.args) && !this.variables.has(node.args)) {
        refuse('variable', node, node.args, [...this.variables.keys()]);
      }
    });
    return found;
  }

  private problem(error: unknown, { originalOffset }: Rewritten): Problem {
    if (!(error instanceof ParseError || error instanceof CelTypeError)) throw error;
    const offset = originalOffset(error.range?.start ?? 0);
    const plain = { offset, name: '', known: [] };
    if (error instanceof ParseError)
      return { ...plain, kind: 'parse', cause: plainCause(error.summary) };
    if (error.code === 'unknown_variable') {
      const name = error.summary.replace('Unknown variable: ', '');
      return {
        ...plain,
        kind: 'variable',
        cause: error.summary,
        name,
        known: [...this.variables.keys()],
      };
    }
    if (error.code === 'no_such_key') {
      const node = error.node;
      const owner =
        node && 'op' in node && node.op === '.' ? (node as ASTNode & { op: '.' }).args[0] : null;
      const name = error.summary.replace('No such key: ', '');
      return {
        ...plain,
        kind: 'field',
        cause: owner ? owner.input.slice(owner.start, owner.end) : '',
        name,
        known: owner ? this.fieldsOf(owner) : [],
      };
    }
    return { ...plain, kind: 'type', cause: plainCause(error.summary) };
  }

  private fieldsOf(owner: ASTNode): readonly string[] {
    if (owner.op !== 'id') return [];
    const schema = this.variables.get(owner.args)?.variable.schema;
    return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  }
}

/** Says a reader's complaint in the words of a flow. */
function plainCause(summary: string): string {
  return summary
    .replace(/\bdouble\b/g, 'number')
    .replace(/\bbool\b/g, 'true-or-false')
    .replace(/\bstring\b/g, 'text')
    .replace(/\bdyn\b/g, 'any')
    .replace(/^no such overload: /, 'there is no ')
    .replace(/^found no matching overload for /, 'there is no ')
    .replace('got ', 'was ')
    .replace(/Unexpected token: EOF/, 'it ends too early')
    .replace(/Expected EOF, was/, 'unexpected');
}
