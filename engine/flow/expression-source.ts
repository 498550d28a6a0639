import type { ASTNode } from '@marcbachmann/cel-js';

/** An expression as CEL takes it, and the way back to the places of the original. */
export interface Rewritten {
  readonly text: string;
  /** Returns where a character of the rewritten text stood before. */
  originalOffset(offset: number): number;
}

type Visit = (node: ASTNode) => void;

/** Returns the parts of a node in source order. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ASTNode, visit: Visit): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Inside `has(…)` CEL knows `level.vah` only, so `level['vah']` is written that way. */
function dotsInHas(node: ASTNode): readonly Edit[] {
  if (node.op !== 'call' || node.args[0] !== 'has') return [];
  const edits: Edit[] = [];
  for (const argument of node.args[1]) {
    walk(argument, (part) => {
      if (part.op !== '[]') return;
      const [owner, key] = part.args;
      if (key.op !== 'value' || typeof key.args !== 'string' || !/^[A-Za-z_]\w*$/.test(key.args))
        return;
      edits.push({ start: owner.end, end: part.end, text: `.${key.args}` });
    });
  }
  return edits;
}

/** Whole numbers as decimals, because CEL knows no `double + int`. An index of a list stays whole. */
function decimals(root: ASTNode): readonly Edit[] {
  const indices = new Set<ASTNode>();
  const edits: Edit[] = [];
  walk(root, (node) => {
    if (node.op === '[]') indices.add(node.args[1]);
    if (node.op === 'value' && typeof node.args === 'bigint' && !indices.has(node)) {
      edits.push({ start: node.start, end: node.end, text: `${node.args}.0` });
    }
  });
  return edits;
}

/** Writes an expression of a flow as CEL takes it: all numbers are doubles, and `has` may ask for a row by key. */
export function asCel(source: string, root: ASTNode): Rewritten {
  const edits = [...decimals(root)];
  walk(root, (node) => edits.push(...dotsInHas(node)));
  edits.sort((a, b) => a.start - b.start);
  let text = '';
  let from = 0;
  const shifts: { readonly at: number; readonly by: number }[] = [];
  for (const edit of edits) {
    text += source.slice(from, edit.start) + edit.text;
    from = edit.end;
    shifts.push({ at: text.length, by: edit.text.length - (edit.end - edit.start) });
  }
  text += source.slice(from);
  const originalOffset = (offset: number): number => {
    let original = offset;
    for (const { at, by } of shifts) if (at <= offset) original -= by;
    return Math.max(0, Math.min(original, source.length));
  };
  return { text, originalOffset };
}

/** The two sides of a comparison, and its operator; null for any other expression. */
export function comparisonOf(
  node: ASTNode,
): { readonly op: string; readonly left: ASTNode; readonly right: ASTNode } | null {
  switch (node.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '==':
    case '!=':
    case 'in':
      return { op: node.op, left: node.args[0], right: node.args[1] };
    default:
      return null;
  }
}

/**
 * Returns where the text of a node begins and ends. A node does not know the parentheses around its outermost parts,
 * so the text is widened until it has as many that open as close.
 */
export function rangeOf(node: ASTNode): { readonly start: number; readonly end: number } {
  const { input } = node;
  let { start, end } = node;
  for (let i = 0; i < 64; i += 1) {
    const depth = depthOf(input.slice(start, end));
    if (depth.open === 0 && depth.close === 0) break;
    if (depth.close > 0) start = input.lastIndexOf('(', start - 1);
    else end = input.indexOf(')', end) + 1;
    if (start < 0 || end <= 0) return node.range;
  }
  return { start, end };
}

const quoted = /"(?:\\.|[^"\\])*("|$)|'(?:\\.|[^'\\])*('|$)/g;

/** Counts parentheses without a partner, outside of quotes. */
export function depthOf(text: string): { readonly open: number; readonly close: number } {
  let open = 0;
  let close = 0;
  for (const [sign] of text.replace(quoted, '').matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(sign)) open += 1;
    else if (open > 0) open -= 1;
    else close += 1;
  }
  return { open, close };
}
