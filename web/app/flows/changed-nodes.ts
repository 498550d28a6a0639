import { mapOf } from './flow-names.ts';
import { readDocument } from './patch.ts';

const sections = ['sources', 'nodes', 'sinks'] as const;

function partsOf(text: string): ReadonlyMap<string, string> {
  const document = mapOf(readDocument(text)?.toJS());
  return new Map(
    sections.flatMap((section) =>
      Object.entries(mapOf(document[section])).map(([id, part]) => [id, JSON.stringify(part)]),
    ),
  );
}

/** Returns the nodes, sources and sinks of a text that are not as in another one: new or written otherwise; comments and layout do not count. */
export function changedNodes(before: string, after: string): ReadonlySet<string> {
  const old = partsOf(before);
  return new Set([...partsOf(after)].flatMap(([id, part]) => (old.get(id) === part ? [] : [id])));
}
