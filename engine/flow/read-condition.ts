import type { ASTNode } from '@marcbachmann/cel-js';
import { nearestName } from '../plugin/nearest.ts';
import { type CompileContext, compileCondition } from './compile-expression.ts';
import {
  askCount,
  askExpression,
  askHeld,
  askNewly,
  askSince,
  askWithin,
  type Condition,
  ConditionLeaf,
  temporalText,
} from './condition.ts';
import { Expression } from './expression.ts';
import { type FactsScope, factsOfExpression } from './expression-facts.ts';
import { comparisonOf } from './expression-source.ts';
import { Lints, nearestFix } from './lint-table.ts';
import { formatDuration } from './parse-duration.ts';
import { type Reader, shapeOf } from './reader.ts';
import type { TemporalWatch } from './temporal.ts';
import type { MapTree, TextScalar, Tree } from './yaml-tree.ts';

/** The longest trade day, from 18:00 to 17:00: what reaches farther reaches over a close. */
export const tradeDayMicros = 23 * 3_600_000_000;

/** What conditions of one event are read with. */
export interface ConditionContext extends CompileContext {
  readonly reader: Reader;
  /** The event of the transition, null for timers and always. */
  readonly event: string | null;
  /** The in-ports of the statechart. */
  readonly ports: readonly string[];
  readonly watch: TemporalWatch;
  /** Ports some condition asks about. */
  readonly asked: Set<string>;
}

const kinds = ['expr', 'all', 'any', 'not', 'within', 'held', 'newly', 'since', 'count'] as const;
type Kind = (typeof kinds)[number];

/** How a condition is read: inside `not`, and under which `why`. */
interface Mode {
  readonly negated: boolean;
  readonly why: string | null;
}

/** Returns the unit of a comparison's sides, without noting anything. */
function unitOf(expression: Expression, node: ASTNode, context: ConditionContext): string | null {
  const sides = comparisonOf(node);
  if (!sides) return null;
  const scope: FactsScope = {
    schemaOf: (name) => context.environment.schemaOf(name),
    textOf: (part) => expression.textOf(part),
    placeOf: () => ({ file: '', line: 1, col: 1 }),
    lints: new Lints(),
    instruments: [],
  };
  return factsOfExpression(sides.left, scope).unit ?? factsOfExpression(sides.right, scope).unit;
}

function leafOf(expression: Expression, mode: Mode, context: ConditionContext): Condition {
  const unit = unitOf(expression, expression.ast, context);
  const leaf = new ConditionLeaf(
    expression.source,
    mode.why,
    mode.negated,
    askExpression(expression, unit),
  );
  return { kind: 'leaf', leaf };
}

/** `&&`, `||` and `!` of CEL hide an error of the other side, so they become all, any and not. */
function split(
  expression: Expression,
  node: ASTNode,
  mode: Mode,
  context: ConditionContext,
): Condition {
  if (node.op === '!_')
    return split(expression, node.args, { ...mode, negated: !mode.negated }, context);
  if (node.op === '&&' || node.op === '||') {
    const kind = (node.op === '&&') === mode.negated ? 'any' : 'all';
    const parts = node.args.map((part) => split(expression, part, mode, context));
    return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
  }
  if (node === expression.ast) return leafOf(expression, mode, context);
  const part = context.environment.compile(expression.textOf(node));
  return leafOf(part instanceof Expression ? part : expression, mode, context);
}

function readExpression(
  scalar: TextScalar,
  mode: Mode,
  context: ConditionContext,
): Condition | null {
  const checked = compileCondition(scalar, context);
  if (!checked) return null;
  const { ast } = checked.expression;
  if (ast.op === 'value') {
    context.lints.add('WF021.constant', scalar.place, {
      text: scalar.value,
      outcome: String(ast.args),
    });
  }
  return split(checked.expression, ast, mode, context);
}

function readText(tree: Tree, name: string, context: ConditionContext): Expression | null {
  const scalar = context.reader.textScalar(tree, name, 'an expression');
  return scalar && (compileCondition(scalar, context)?.expression ?? null);
}

function readPort(map: MapTree, key: string, context: ConditionContext): string | null {
  const tree = context.reader.required(map, key, 'the condition', 'an in-port');
  const port = tree && context.reader.text(tree, key, 'an in-port');
  if (port === null) return null;
  if (!context.ports.includes(port)) {
    const facts = { of: 'this statechart', side: 'in', name: port };
    context.lints.add(
      'WF001.port',
      tree!.place,
      facts,
      nearestFix(nearestName(port, context.ports)),
    );
    return null;
  }
  context.asked.add(port);
  return port;
}

function readDuration(map: MapTree, key: string, context: ConditionContext): number | null {
  const tree = context.reader.required(map, key, 'the condition', 'a duration like 10m');
  const micros = tree && context.reader.duration(tree, key);
  if (micros === null) return null;
  if (micros > tradeDayMicros)
    context.lints.add('WF030.timer', tree!.place, { text: formatDuration(micros) });
  return micros;
}

function readCount(map: MapTree, context: ConditionContext): number | null {
  const tree = context.reader.required(map, 'min', 'count', 'a whole number from 1 to 1000');
  const min = tree && context.reader.number(tree, 'min', 'a whole number from 1 to 1000');
  if (min === null) return null;
  if (Number.isInteger(min) && min >= 1 && min <= 1_000) return min;
  context.lints.add('WF014.value', tree!.place, {
    name: 'min',
    expected: 'a whole number from 1 to 1000',
    was: min,
  });
  return null;
}

function temporal(
  text: string,
  mode: Mode,
  question: ConstructorParameters<typeof ConditionLeaf>[3],
): Condition {
  return { kind: 'leaf', leaf: new ConditionLeaf(text, mode.why, mode.negated, question) };
}

function readPortCondition(
  kind: Kind,
  map: MapTree,
  mode: Mode,
  context: ConditionContext,
): Condition | null {
  const { reader, watch } = context;
  if (kind === 'since') {
    reader.keys(map, ['port', 'after'], 'since');
    const port = readPort(map, 'port', context);
    const after = readPort(map, 'after', context);
    if (port === null || after === null) return null;
    watch.watchPort(port);
    watch.watchPort(after);
    return temporal(temporalText.since(port, after), mode, askSince(port, after));
  }
  reader.keys(map, kind === 'count' ? ['port', 'last', 'min'] : ['port', 'last'], kind);
  const port = readPort(map, 'port', context);
  const last = readDuration(map, 'last', context);
  const min = kind === 'count' ? readCount(map, context) : 1;
  if (port === null || last === null || min === null) return null;
  if (kind === 'count') {
    watch.watchCount(port, min);
    return temporal(temporalText.count(port, last, min), mode, askCount(port, last, min));
  }
  watch.watchPort(port);
  return temporal(temporalText.within(port, last), mode, askWithin(port, last));
}

function readHeld(map: MapTree, mode: Mode, context: ConditionContext): Condition | null {
  context.reader.keys(map, ['expr', 'for'], 'held');
  const tree = context.reader.required(map, 'expr', 'held', 'an expression');
  const expression = tree && readText(tree, 'expr', context);
  const duration = readDuration(map, 'for', context);
  if (!expression || duration === null) return null;
  const id = context.watch.watchExpression('held', expression, context.event);
  return temporal(
    temporalText.held(expression.source, duration),
    mode,
    askHeld(expression, id, duration),
  );
}

function readKind(kind: Kind, tree: Tree, mode: Mode, context: ConditionContext): Condition | null {
  const { reader } = context;
  switch (kind) {
    case 'expr': {
      const scalar = reader.textScalar(tree, 'expr', 'an expression');
      return scalar && readExpression(scalar, mode, context);
    }
    case 'all':
    case 'any':
      return readParts(kind, tree, mode, context);
    case 'not':
      return readCondition(tree, context, { ...mode, negated: !mode.negated });
    case 'newly': {
      const expression = readText(tree, 'newly', context);
      if (!expression) return null;
      const id = context.watch.watchExpression('newly', expression, context.event);
      return temporal(temporalText.newly(expression.source), mode, askNewly(expression, id));
    }
    default: {
      const map = reader.map(tree, kind);
      if (!map) return null;
      return kind === 'held'
        ? readHeld(map, mode, context)
        : readPortCondition(kind, map, mode, context);
    }
  }
}

function readParts(
  kind: 'all' | 'any',
  tree: Tree,
  mode: Mode,
  context: ConditionContext,
): Condition | null {
  const list = context.reader.list(tree, kind);
  if (!list) return null;
  if (list.items.length === 0) return context.reader.wrong(tree, kind, 'at least one condition');
  const parts = list.items.map((item) => readCondition(item, context, mode));
  if (parts.includes(null)) return null;
  // Not all is any not, and the other way round.
  const joined = mode.negated ? (kind === 'all' ? 'any' : 'all') : kind;
  return { kind: joined, parts: parts.filter((part) => part !== null) };
}

/** Reads the value of `when:`; null when something in it is wrong, which is then noted. */
export function readCondition(
  tree: Tree,
  context: ConditionContext,
  mode: Mode = { negated: false, why: null },
): Condition | null {
  const { reader } = context;
  if (tree.kind === 'scalar') {
    const scalar = reader.textScalar(tree, 'when', 'an expression');
    return scalar && readExpression(scalar, mode, context);
  }
  if (tree.kind === 'list')
    return reader.wrong(tree, 'when', 'an expression, or { all: [ … ] } for a list');
  reader.keys(tree, [...kinds, 'why'], 'a condition');
  const given = kinds.filter((kind) => tree.entries.has(kind));
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    const was = given.length > 1 ? given.join(' and ') : shapeOf(tree);
    reader.lints.add('WF005.one', tree.place, {
      of: 'a condition',
      expected: kinds.join(', '),
      was,
    });
    return null;
  }
  const label = tree.entries.get('why');
  const why = label ? reader.text(label.value, 'why') : mode.why;
  return readKind(kind, tree.entries.get(kind)!.value, { ...mode, why }, context);
}
