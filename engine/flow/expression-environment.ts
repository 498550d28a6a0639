import {
  type ASTNode,
  TypeError as CelTypeError,
  Environment,
  ParseError,
  type ParseResult,
} from '@marcbachmann/cel-js';
import { z } from 'zod';
import { CelTypes, type RowClass, type Wrap } from './cel-types.ts';
import { Expression, none, type VariableReader } from './expression.ts';
import {
  functions,
  type InstrumentHolder,
  methods,
  registerFunctions,
  typeNames,
} from './expression-functions.ts';
import { asCel, comparisonOf, type Rewritten, walk } from './expression-source.ts';

/** A variable of an expression. */
export interface Variable {
  readonly name: string;
  /** Its schema; null when unknown, so that it is checked on reading only. */
  readonly schema: z.ZodType | null;
  /** A keyed table: a map from key to row. */
  readonly keyed?: boolean;
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
      rewritten = asCel(source, first.ast);
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
    const readers = [...names].map((name): VariableReader => {
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

  private problem(error: unknown, rewritten: Rewritten): Problem {
    if (!(error instanceof ParseError || error instanceof CelTypeError)) throw error;
    const offset = rewritten.originalOffset(error.range?.start ?? 0);
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
    if (error.code === 'no_such_key')
      return { ...plain, kind: 'field', ...this.missingField(error) };
    return { ...plain, kind: 'type', cause: plainCause(error.summary) };
  }

  private missingField({ node, summary }: CelTypeError): Pick<Problem, 'cause' | 'known' | 'name'> {
    const name = summary.replace('No such key: ', '');
    if (!node || !('op' in node) || node.op !== '.') return { name, cause: '', known: [] };
    const [owner] = (node as ASTNode & { op: '.' }).args;
    return { name, cause: owner.input.slice(owner.start, owner.end), known: this.fieldsOf(owner) };
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
