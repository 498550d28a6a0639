import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Place } from './graph.ts';
import type { Lints } from './lint-table.ts';

/** A YAML value that knows where it stands. */
export type Tree = MapTree | ListTree | ScalarTree;

/** One entry of a mapping. */
export interface Entry {
  readonly name: string;
  /** Where the key stands. */
  readonly place: Place;
  readonly value: Tree;
}

/** A mapping; keys are text, in file order. */
export interface MapTree {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A list. */
export interface ListTree {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Tree[];
}

/** A single value. */
export interface ScalarTree {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** Written in quotes or as a block of text. */
  readonly quoted: boolean;
  /** Stands inside `{ … }` or `[ … ]`, where a comma ends it. */
  readonly inFlow: boolean;
  /** Returns the place of a character of the value, as near as the way it is written allows. */
  placeAt(offset: number): Place;
}

const deepest = 64;
const mostAliases = 100;

class TreeBuilder {
  private aliases = 0;
  private readonly file: string;
  private readonly text: string;
  private readonly lines: LineCounter;
  private readonly document: Document.Parsed;
  private readonly lints: Lints;

  constructor(
    file: string,
    text: string,
    lines: LineCounter,
    document: Document.Parsed,
    lints: Lints,
  ) {
    this.file = file;
    this.text = text;
    this.lines = lines;
    this.document = document;
    this.lints = lints;
  }

  place(offset: number): Place {
    const { line, col } = this.lines.linePos(Math.max(0, Math.min(offset, this.text.length)));
    return { file: this.file, line: Math.max(1, line), col: Math.max(1, col) };
  }

  build(node: Node | null, at: number, depth: number, inFlow = false): Tree {
    const start = node?.range?.[0] ?? at;
    if (depth > deepest) {
      this.lints.add('WF002.depth', this.place(start), { limit: deepest });
      return this.scalar(null, start);
    }
    if (isAlias(node)) return this.alias(node.source, node.resolve(this.document), start, depth);
    if (isMap(node)) return this.map(node, start, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) =>
        this.build(item as Node | null, start, depth + 1, node.flow === true),
      );
      return { kind: 'list', place: this.place(start), items };
    }
    return this.scalar(isScalar(node) ? node : null, start, inFlow);
  }

  private alias(name: string, target: Node | undefined, start: number, depth: number): Tree {
    this.aliases += 1;
    if (target && this.aliases <= mostAliases) return this.build(target, start, depth + 1);
    this.lints.add('WF002.alias', this.place(start), { name });
    return this.scalar(null, start);
  }

  private map(node: YAMLMap, start: number, depth: number): Tree {
    const entries = new Map<string, Entry>();
    for (const pair of node.items as Pair<Node | null, Node | null>[]) {
      const { key } = pair;
      const keyStart = key?.range?.[0] ?? start;
      if (!isScalar(key) || (typeof key.value !== 'string' && typeof key.source !== 'string')) {
        this.lints.add('WF002.key', this.place(keyStart), {});
        continue;
      }
      const name = typeof key.value === 'string' ? key.value : String(key.source);
      const place = this.place(keyStart);
      const first = entries.get(name);
      if (first) this.lints.add('WF015.key', place, { name, line: first.place.line });
      else {
        const value = this.build(
          pair.value,
          key.range?.[1] ?? keyStart,
          depth + 1,
          node.flow === true,
        );
        entries.set(name, { name, place, value });
      }
    }
    return { kind: 'map', place: this.place(start), entries };
  }

  private scalar(node: Scalar | null, start: number, inFlow = false): ScalarTree {
    const raw: unknown = node?.value ?? null;
    const value =
      typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
    const quoted = node?.type !== undefined && node.type !== Scalar.PLAIN;
    const place = this.place(start);
    const placeAt = (offset: number): Place => {
      if (typeof value !== 'string') return place;
      const first =
        start + (node?.type === Scalar.QUOTE_DOUBLE || node?.type === Scalar.QUOTE_SINGLE ? 1 : 0);
      // Escapes, folded lines and blocks move the characters: then the value's beginning is as near as it gets.
      return this.text.startsWith(value, first) ? this.place(first + offset) : place;
    };
    return { kind: 'scalar', place, value, quoted, inFlow, placeAt };
  }
}

function shortCause(message: string): string {
  return message
    .split('\n')[0]!
    .replace(/ at line \d+, column \d+:?$/, '')
    .replace(/:$/, '');
}

/** `a ? b : c` without quotes: the colon makes a mapping where none can be. */
function isUnquotedTernary({ code, pos }: YAMLError, text: string): boolean {
  if (code !== 'BLOCK_AS_IMPLICIT_KEY' && code !== 'BLOCK_IN_FLOW') return false;
  return /^[^\n]*\S \? [^\n]*: /.test(text.slice(pos[0]));
}

function noteProblem(problem: YAMLError, place: Place, text: string, lints: Lints): void {
  const cause = shortCause(problem.message);
  const fix = 'quote the whole expression';
  if (isUnquotedTernary(problem, text)) lints.add('WF003.ternary', place, {}, fix);
  else if (/^Unexpected flow-(seq|map)-start at node end/.test(cause)) {
    lints.add(
      'WF003.bracket',
      place,
      { sign: text.slice(problem.pos[0], problem.pos[0] + 1) },
      fix,
    );
  } else lints.add('WF002.yaml', place, { cause });
}

function parse(text: string, lines: LineCounter): Document.Parsed[] {
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    keepSourceTokens: false,
    uniqueKeys: false,
    merge: false,
    logLevel: 'silent',
  });
  return Array.isArray(documents) ? documents : [];
}

/**
 * Reads a YAML text as a tree whose every value has its place; null when there is nothing to read.
 *
 * Numbers, booleans and null are those of YAML 1.2: `on`, `yes` and dates are text.
 */
export function parseYamlTree(file: string, text: string, lints: Lints): Tree | null {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), col: Math.max(1, col) };
  };
  let documents: Document.Parsed[];
  try {
    documents = parse(text, lines);
  } catch (error) {
    // The reader recurses: a text of a hundred thousand brackets ends here.
    lints.add(
      'WF002.yaml',
      { file, line: 1, col: 1 },
      { cause: error instanceof Error ? shortCause(error.message) : 'unreadable' },
    );
    return null;
  }
  const [document] = documents;
  if (!document) return null;
  const problems = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  // What comes after the first mistake is mostly its echo.
  const [first] = problems;
  if (first) noteProblem(first, at(Math.min(first.pos[0], text.length)), text, lints);
  if (documents.length > 1) {
    lints.add('WF002.yaml', at(documents[1]!.range[0]), {
      cause: 'a second document begins here; a file holds one flow',
    });
  }
  if (problems.length > 0 || documents.length > 1 || document.contents === null) return null;
  return new TreeBuilder(file, text, lines, document, lints).build(document.contents, 0, 0);
}

/** A text of the flow with its place. */
export type TextScalar = ScalarTree & { readonly value: string };
