import type { ASTNode } from '@marcbachmann/cel-js';
import type { z } from 'zod';
import type { Instrument } from '../market/instrument.ts';
import { nearestName } from '../plugin/nearest.ts';
import { elementOf, fieldOf } from '../plugin/schema.ts';
import type { Place } from './graph.ts';
import {
  absolute,
  combine,
  contains,
  exactly,
  formatInterval,
  hull,
  outcomeOf,
} from './interval.ts';
import { type LintFacts, type LintKey, type Lints, nearestFix } from './lint-table.ts';
import { type Facts, factsOfSchema, unknown } from './schema-facts.ts';

/** What the analysis knows of the variables and where it writes what it finds. */
export interface FactsScope {
  /** Schema of a variable; a keyed table is a record. */
  schemaOf(variable: string): z.ZodType | null;
  /** The source between two offsets of the AST. */
  textOf(node: ASTNode): string;
  placeOf(node: ASTNode): Place;
  readonly lints: Lints;
  /** The instruments the expression will run for. */
  readonly instruments: readonly Instrument[];
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=']);

class Analysis {
  private readonly scope: FactsScope;
  /** Variables of macros such as `exists(x, …)`. */
  private readonly bound = new Map<string, Facts>();

  constructor(scope: FactsScope) {
    this.scope = scope;
  }

  note<K extends LintKey>(
    key: K,
    node: ASTNode,
    facts: LintFacts<K>,
    fix: string | null = null,
  ): void {
    this.scope.lints.add(key, this.scope.placeOf(node), facts, fix);
  }

  facts(node: ASTNode): Facts {
    switch (node.op) {
      case 'value':
        return this.literal(node.args);
      case 'id':
        return this.bound.get(node.args) ?? factsOfSchema(this.scope.schemaOf(node.args));
      case '.':
        return this.field(this.facts(node.args[0]), node.args[1]);
      case '[]':
        this.facts(node.args[1]);
        return this.element(this.facts(node.args[0]));
      case 'call':
        return this.call(node, node.args[0], node.args[1]);
      case 'rcall':
        return this.method(node.args[0], node.args[1], node.args[2]);
      case '-_': {
        const inner = this.facts(node.args);
        return { ...inner, range: combine('-', exactly(0), inner.range) };
      }
      case '?:':
        this.facts(node.args[0]);
        return this.same(node, node.args[1], node.args[2]);
      default:
        return this.operator(node);
    }
  }

  private operator(node: ASTNode): Facts {
    switch (node.op) {
      case '+':
      case '-':
      case '*':
      case '/':
        return this.arithmetic(node, node.op, node.args[0], node.args[1]);
      case 'in':
        return this.membership(node, node.args[0], node.args[1]);
      case 'list':
        for (const item of node.args) this.facts(item);
        return unknown;
      case '!_':
        this.facts(node.args);
        return unknown;
      case '&&':
      case '||':
        this.facts(node.args[0]);
        this.facts(node.args[1]);
        return unknown;
      default:
        if (comparisons.has(node.op))
          this.comparison(
            node,
            (node.args as [ASTNode, ASTNode])[0],
            (node.args as [ASTNode, ASTNode])[1],
          );
        return unknown;
    }
  }

  private literal(value: unknown): Facts {
    if (typeof value === 'number' || typeof value === 'bigint') {
      return { ...unknown, bare: true, range: exactly(Number(value)) };
    }
    return typeof value === 'string' ? { ...unknown, words: [value] } : unknown;
  }

  private field(left: Facts, name: string): Facts {
    return factsOfSchema(left.schema && (fieldOf(left.schema, name) ?? elementOf(left.schema)));
  }

  private element(left: Facts): Facts {
    return factsOfSchema(left.schema && elementOf(left.schema));
  }

  private call(node: ASTNode, name: string, args: readonly ASTNode[]): Facts {
    const [first, ...rest] = args.map((arg) => this.facts(arg));
    if (!first) return unknown;
    switch (name) {
      case 'abs':
        return { ...first, range: absolute(first.range), schema: null };
      case 'round':
        return {
          ...first,
          range: { lo: Math.round(first.range.lo), hi: Math.round(first.range.hi) },
          schema: null,
        };
      case 'min':
      case 'max':
        return rest.reduce((facts, other, i) => {
          const merged = this.merge(node, facts, args[0]!, other, args[i + 1]!);
          const pick = name === 'min' ? Math.min : Math.max;
          return {
            ...merged,
            range: {
              lo: pick(facts.range.lo, other.range.lo),
              hi: pick(facts.range.hi, other.range.hi),
            },
          };
        }, first);
      case 'ticks':
        return { ...unknown, unit: 'tick', range: first.range };
      case 'points':
        return { ...unknown, unit: 'tick' };
      case 'price':
        for (const arg of args) if (arg.op === 'value') this.grid(arg, first.range.lo);
        return { ...unknown, unit: 'price' };
      case 'size':
        return { ...unknown, unit: 'count', range: { lo: 0, hi: Infinity } };
      default:
        return unknown;
    }
  }

  private grid(node: ASTNode, price: number): void {
    for (const { symbol, tickSize } of this.scope.instruments) {
      const steps = (price * tickSize.den) / tickSize.num;
      if (Math.abs(steps - Math.round(steps)) < 1e-6) continue;
      this.note('WF014.offGrid', node, {
        price,
        tick: tickSize.num / tickSize.den,
        instrument: symbol,
      });
    }
  }

  private method(name: string, receiver: ASTNode, args: readonly ASTNode[]): Facts {
    const left = this.facts(receiver);
    const [variable, ...predicates] = args;
    if (variable?.op === 'id' && predicates.length > 0) {
      const before = this.bound.get(variable.args);
      this.bound.set(variable.args, this.element(left));
      for (const predicate of predicates) this.facts(predicate);
      if (before) this.bound.set(variable.args, before);
      else this.bound.delete(variable.args);
      return unknown;
    }
    for (const arg of args) this.facts(arg);
    return name === 'size'
      ? { ...unknown, unit: 'count', range: { lo: 0, hi: Infinity } }
      : unknown;
  }

  private arithmetic(
    node: ASTNode,
    op: '+' | '-' | '*' | '/',
    leftNode: ASTNode,
    rightNode: ASTNode,
  ): Facts {
    const left = this.facts(leftNode);
    const right = this.facts(rightNode);
    if (op === '/' && contains(right.range, 0)) {
      this.note(
        'WF014.divisor',
        rightNode,
        { text: this.scope.textOf(node) },
        'multiply the other side instead, or write max(1, …)',
      );
      return { ...unknown, unit: right.unit === null ? left.unit : null };
    }
    const range = combine(op, left.range, right.range);
    const bare = left.bare && right.bare;
    if (op === '*')
      return {
        ...unknown,
        bare,
        range,
        unit: left.unit !== null && right.unit !== null ? null : (left.unit ?? right.unit),
      };
    if (op === '/')
      return { ...unknown, bare, range, unit: right.unit === null ? left.unit : null };
    return {
      ...unknown,
      bare,
      range,
      unit: this.sumUnit(node, op, left, leftNode, right, rightNode),
    };
  }

  /** A price less a price is a distance in ticks, a price and a distance a price. */
  private sumUnit(
    node: ASTNode,
    op: '+' | '-',
    left: Facts,
    leftNode: ASTNode,
    right: Facts,
    rightNode: ASTNode,
  ): string | null {
    if (left.unit === 'price' && right.unit === 'price') return op === '-' ? 'tick' : 'price';
    if (left.unit === 'price' && right.unit === 'tick') return 'price';
    if (op === '+' && left.unit === 'tick' && right.unit === 'price') return 'price';
    const { unit } = this.merge(node, left, leftNode, right, rightNode);
    // A distance beside a number of unknown unit may make a price as well.
    const isUnknown = (facts: Facts): boolean => facts.unit === null && !facts.bare;
    return isUnknown(left) || isUnknown(right) ? null : unit;
  }

  private merge(
    node: ASTNode,
    left: Facts,
    leftNode: ASTNode,
    right: Facts,
    rightNode: ASTNode,
  ): Facts {
    if (left.unit !== null && right.unit !== null && left.unit !== right.unit) {
      this.note('WF010.unit', node, {
        text: this.scope.textOf(node),
        left: this.scope.textOf(leftNode),
        leftUnit: left.unit,
        right: this.scope.textOf(rightNode),
        rightUnit: right.unit,
      });
    }
    return { ...unknown, unit: left.unit ?? right.unit, bare: left.bare && right.bare };
  }

  private same(node: ASTNode, leftNode: ASTNode, rightNode: ASTNode): Facts {
    const left = this.facts(leftNode);
    const right = this.facts(rightNode);
    const merged = this.merge(node, left, leftNode, right, rightNode);
    return {
      ...merged,
      range: hull(left.range, right.range),
      words: left.words && right.words && [...new Set([...left.words, ...right.words])],
      schema: left.schema === right.schema ? left.schema : null,
    };
  }

  private comparison(node: ASTNode, leftNode: ASTNode, rightNode: ASTNode): void {
    const left = this.facts(leftNode);
    const right = this.facts(rightNode);
    if (this.words(node, left, right)) return;
    this.bareLevel(node, left, right);
    this.bareLevel(node, right, left);
    this.merge(node, left, leftNode, right, rightNode);
    const text = this.scope.textOf(node);
    const leftText = this.scope.textOf(leftNode);
    const rightText = this.scope.textOf(rightNode);
    if (leftText === rightText) {
      this.note('WF021.constant', node, {
        text,
        outcome: String(['==', '>=', '<='].includes(node.op)),
      });
      return;
    }
    const outcome = outcomeOf(left.range, node.op, right.range);
    if (outcome === null) return;
    const ranges = [rangeText(leftText, left), rangeText(rightText, right)].filter(
      (part) => part !== null,
    );
    this.note('WF021.always', node, { text, outcome: String(outcome), ranges: ranges.join(', ') });
  }

  /** Prices are whole ticks inside, so a number beside one is surely meant as a decimal price. */
  private bareLevel(node: ASTNode, level: Facts, other: Facts): void {
    if (level.unit !== 'price' || !other.bare) return;
    const number = other.range.lo;
    this.note(
      'WF010.barePrice',
      node,
      { text: this.scope.textOf(node), number },
      `write price(${number})`,
    );
  }

  private words(node: ASTNode, left: Facts, right: Facts): boolean {
    if (!left.words || !right.words) return false;
    const [known, literal] =
      left.words.length === 1 && right.words.length !== 1
        ? [right.words, left.words]
        : [left.words, right.words];
    const shared = known.filter((word) => literal.includes(word));
    const text = this.scope.textOf(node);
    if (shared.length === 0 && literal.length === 1) {
      const word = literal[0]!;
      this.note(
        'WF014.word',
        node,
        { text, word, expected: known.join(', ') },
        nearestFix(nearestName(word, known)),
      );
    } else if (shared.length === 0 || (known.length === 1 && literal.length === 1)) {
      this.note('WF021.constant', node, {
        text,
        outcome: String(shared.length > 0 === (node.op === '==')),
      });
    }
    return true;
  }

  private membership(node: ASTNode, itemNode: ASTNode, listNode: ASTNode): Facts {
    const item = this.facts(itemNode);
    if (listNode.op !== 'list') {
      this.facts(listNode);
      return unknown;
    }
    for (const candidate of listNode.args) {
      const other = this.facts(candidate);
      if (item.words && other.words?.length === 1 && !item.words.includes(other.words[0]!)) {
        const word = other.words[0]!;
        const facts = { text: this.scope.textOf(node), word, expected: item.words.join(', ') };
        this.note('WF014.word', candidate, facts, nearestFix(nearestName(word, item.words)));
      }
      this.bareLevel(node, item, other);
    }
    return unknown;
  }
}

function rangeText(text: string, { bare, range }: Facts): string | null {
  return bare ? null : `${text} is ${formatInterval(range)}`;
}

/** Returns what is known of a type-checked expression and notes comparisons that cannot be meant so. */
export function factsOfExpression(node: ASTNode, scope: FactsScope): Facts {
  return new Analysis(scope).facts(node);
}
