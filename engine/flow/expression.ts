import { type ASTNode, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import { assert, isOrderflowError, OrderflowError } from '../errors.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Wrap } from './cel-types.ts';
import { type InstrumentHolder, takeSides } from './expression-functions.ts';
import { comparisonOf, type Rewritten, rangeOf, walk } from './expression-source.ts';

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

/** How a variable's value is handed to CEL. */
export interface VariableReader {
  readonly name: string;
  readonly row: { readonly instance: { raw: Readonly<Record<string, unknown>> } } | null;
  readonly wrap: Wrap | null;
}

/** The compiled forms of one text. */
export interface Programs {
  readonly value: ParseResult;
  /** Evaluates both sides of a comparison and keeps them; null when the expression is no comparison. */
  readonly explained: ParseResult | null;
  readonly type: string;
}

/** The row of a table that has none yet: every field is absent. */
export const none: Readonly<Record<string, unknown>> = Object.freeze({});

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
  private readonly readers: readonly VariableReader[];
  private readonly values: Record<string, unknown> = {};

  constructor(
    source: string,
    rewritten: Rewritten,
    programs: Programs,
    holder: InstrumentHolder,
    readers: readonly VariableReader[],
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

  /**
   * Returns the value and, of a comparison, both sides it was decided by: one evaluation gives all three.
   * @throws {OF_EXPRESSION} as {@link evaluate} does.
   */
  explain(scope: Scope): { readonly value: unknown; readonly operands: Operands | null } {
    if (!this.explained) return { value: this.evaluate(scope), operands: null };
    this.prepare(scope);
    let value: unknown;
    try {
      value = this.explained(this.values);
    } catch (error) {
      throw this.failure(error, scope);
    }
    const sides = takeSides();
    const operands = sides && { left: shown(sides.left), op: this.op, right: shown(sides.right) };
    return { value, operands };
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
      String(error),
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
      if (isTable && scope.read(name) === undefined && readsFrom(node, name))
        return `table '${name}' has no row yet`;
    }
    return `'${this.textOf(node)}' has no value`;
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
