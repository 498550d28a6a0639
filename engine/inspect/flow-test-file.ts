import { type Document, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Lint, Place } from '../flow/graph.ts';
import { Lints, nearestFix } from '../flow/lint-table.ts';
import { nearestName } from '../plugin/nearest.ts';
import { unwrapSchema } from '../plugin/schema.ts';
import { type FlowTestCase, flowTestSchema } from './flow-test-schema.ts';

/** The way to a value of a file: keys and indices from its top. */
export type ValuePath = readonly (string | number)[];

/** A flow test file, read and checked. */
export interface FlowTestFile {
  readonly file: string;
  /** Path of the flow as written, relative to the test file. */
  readonly flow: string;
  readonly cases: readonly FlowTestCase[];
  /** Returns where a value stands; of one that is absent, where the nearest around it stands. */
  placeOf(path: ValuePath): Place;
}

/** A document that says where its values stand. */
class Places {
  private readonly document: Document;
  private readonly lines: LineCounter;
  private readonly file: string;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.file = file;
    this.document = document;
    this.lines = lines;
  }

  at(offset: number): Place {
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), col: Math.max(1, col) };
  }

  of(path: ValuePath): Place {
    for (let n = path.length; n >= 0; n -= 1) {
      const offset = this.offsetOf(path.slice(0, n));
      if (offset !== null) return this.at(offset);
    }
    return this.at(0);
  }

  valueAt(path: ValuePath): unknown {
    return path.length === 0 ? this.document.toJS() : this.document.getIn(path);
  }

  /** A key is what a person looks for, so a value of a mapping stands where its key does. */
  private offsetOf(path: ValuePath): number | null {
    const around: unknown =
      path.length < 2 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    const name = path.at(-1);
    const pair = isMap(around)
      ? around.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      : undefined;
    if (isPair(pair) && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    const node: unknown = this.document.getIn(path, true);
    return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
      ? Number(node.range[0])
      : null;
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'nothing';
  if (isMap(value)) return 'a mapping';
  if (typeof value === 'object') return 'a list';
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** Says what was expected of a value, in the words of the other lints. */
function sayIssue(issue: z.core.$ZodIssue, was: string): string {
  if (issue.code === 'invalid_type')
    return `expected ${typeNames[issue.expected] ?? issue.expected}, was ${was}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.join(', ')}, was ${was}`;
  if (issue.code === 'too_small')
    return `expected at least ${issue.inclusive === true ? '' : 'more than '}${String(issue.minimum)}, was ${was}`;
  if (issue.code === 'invalid_union') return `expected another form, was ${was}`;
  return was === 'absent' || issue.code === 'custom'
    ? issue.message
    : `${issue.message}, was ${was}`;
}

/** Takes the wrappers off; of a union the first option is taken, which is the mapping. */
function plain(schema: z.ZodType | null): z.ZodType | null {
  const inner = schema && unwrapSchema(schema).inner;
  if (!(inner instanceof z.ZodUnion)) return inner;
  const [first] = inner.options;
  return first instanceof z.ZodType ? plain(first) : null;
}

/** Returns the keys a mapping of the test format may have, told from the schema itself. */
function keysKnownAt(path: ValuePath): readonly string[] {
  let schema = plain(flowTestSchema);
  for (const step of path) {
    let next: unknown = null;
    if (schema instanceof z.ZodObject) next = schema.shape[step];
    else if (schema instanceof z.ZodArray) next = schema.element;
    schema = plain(next instanceof z.ZodType ? next : null);
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** A union keeps the mistakes of each option to itself; the mapping's own say more than "another form". */
function flatten(
  issue: z.core.$ZodIssue,
  path: ValuePath,
): readonly { issue: z.core.$ZodIssue; path: ValuePath }[] {
  const here: ValuePath = [...path, ...(issue.path as ValuePath)];
  if (issue.code !== 'invalid_union') return [{ issue, path: here }];
  const best = issue.errors.find((errors) =>
    errors.some((e) => e.path.length > 0 || e.code !== 'invalid_type'),
  );
  return best ? best.flatMap((e) => flatten(e, here)) : [{ issue, path: here }];
}

function addIssue(lints: Lints, places: Places, issue: z.core.$ZodIssue, path: ValuePath): void {
  if (issue.code === 'unrecognized_keys') {
    const known = keysKnownAt(path);
    for (const name of issue.keys) {
      lints.add(
        'WF090.key',
        places.of([...path, name]),
        { name, known: known.join(', ') },
        nearestFix(nearestName(name, known)),
      );
    }
    return;
  }
  const name = path.join('.');
  lints.add('WF090.shape', places.of(path), {
    name: name === '' ? 'the file' : name,
    cause: sayIssue(issue, kindOf(places.valueAt(path))),
  });
}

/** Reads a flow test file; mistakes of form come back as lints, and then there is no test. */
export function readFlowTest(
  file: string,
  text: string,
): { readonly test: FlowTestFile | null; readonly lints: readonly Lint[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const places = new Places(file, document, lines);
  const lints = new Lints();
  for (const { pos, message } of document.errors)
    lints.add('WF002.yaml', places.at(pos[0]), { cause: message.split('\n')[0] ?? message });
  if (lints.list.length > 0) return { test: null, lints: lints.list };
  const parsed = flowTestSchema.safeParse(document.toJS());
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      for (const { issue: leaf, path } of flatten(issue, [])) addIssue(lints, places, leaf, path);
    }
    return { test: null, lints: lints.list };
  }
  const { flow, cases } = parsed.data;
  return { test: { file, flow, cases, placeOf: (path) => places.of(path) }, lints: [] };
}
