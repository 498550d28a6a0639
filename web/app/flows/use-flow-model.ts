import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { DraftCheck } from './flow-api.ts';
import { type NodeSpan, nodeSpans, readDocument } from './patch.ts';
import type { Draft } from './use-draft.ts';

/** A draft as graph and form see it. */
export interface FlowModel {
  /** Nodes with their stretches of text; none while it is not YAML. */
  readonly spans: readonly NodeSpan[];
  /** The same, while it is not YAML as it last was. */
  readonly knownSpans: readonly NodeSpan[];
  /** The text as data; while it is not YAML, as it last was. */
  readonly document: unknown;
  /** Mistakes by the node they stand in. */
  readonly problems: ReadonlyMap<string, number>;
  /** The newest check with a picture; null when there was none yet. */
  readonly shown: DraftCheck | null;
  /** What to say above a picture that is not the one of this text. */
  readonly note: string | null;
  /** Why forms change nothing now; null when they do. */
  readonly lock: string | null;
}

/** Counts mistakes by the node that the line they stand in belongs to. */
export function problemsByNode(
  text: string,
  lints: readonly { readonly line: number }[],
  spans: readonly NodeSpan[],
): ReadonlyMap<string, number> {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const counts = new Map<string, number>();
  for (const { line } of lints) {
    const [from, next] = [starts[line - 1] ?? 0, starts[line] ?? text.length + 1];
    const span = spans.find((one) => one.from < next && one.to >= from);
    if (span) counts.set(span.id, (counts.get(span.id) ?? 0) + 1);
  }
  return counts;
}

function noteOf({ check, lastValid }: Draft): string | null {
  const error = check.lints.find(({ level }) => level === 'error');
  if (check.outline || !error) return null;
  return lastValid
    ? `showing the version before the error in line ${error.line}`
    : `no version without errors yet: the first is in line ${error.line}`;
}

function lockOf({ check }: Draft, isYaml: boolean, isOperator: boolean): string | null {
  if (!isOperator) return 'a viewer looks and changes nothing';
  if (isYaml) return null;
  const line = check.lints.find(({ code }) => code === 'WF002' || code === 'WF003')?.line;
  return `the text is not YAML${line === undefined ? '' : ` (line ${line})`}: mend that first`;
}

/** Follows a draft; reading it gives way to typing. */
export function useFlowModel(draft: Draft, isOperator: boolean): FlowModel {
  const text = useDeferredValue(draft.text);
  const spans = useMemo(() => nodeSpans(text), [text]);
  const document: unknown = useMemo(() => readDocument(text)?.toJS(), [text]);
  const [last, setLast] = useState({ document, spans });
  useEffect(() => {
    if (document !== undefined) setLast({ document, spans });
  }, [document, spans]);
  const { lints } = draft.check;
  const problems = useMemo(() => problemsByNode(text, lints, spans), [text, lints, spans]);
  return {
    spans,
    knownSpans: document === undefined ? last.spans : spans,
    document: document ?? last.document,
    problems,
    shown: draft.check.outline ? draft.check : draft.lastValid,
    note: noteOf(draft),
    lock: lockOf(draft, document !== undefined, isOperator),
  };
}
