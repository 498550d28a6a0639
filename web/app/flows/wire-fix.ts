import type { FixableLint } from '#engine/cli/desk.ts';
import type { EditorFacts } from './completion.ts';
import { FlowNames } from './flow-names.ts';
import { readDocument, setAt } from './patch.ts';

/**
 * Adds what would mend an in-port that nobody wired: a wire from the source, or from the first out-port of the flow that
 * gives what the port takes. The engine knows no way of writing YAML; the editor does.
 */
export function withWireFixes(
  text: string,
  lints: readonly FixableLint[],
  facts: EditorFacts,
): readonly FixableLint[] {
  if (!lints.some(({ code }) => code === 'WF011')) return lints;
  const names = new FlowNames(readDocument(text)?.toJS(), facts);
  return lints.map((lint) => {
    const [, port] = /^write in: \{ (\w+): … \}$/.exec(lint.fix ?? '') ?? [];
    const [, node] = / of '([^']+)'/.exec(lint.message) ?? [];
    if (lint.code !== 'WF011' || lint.quickFix || port === undefined || node === undefined)
      return lint;
    // A node of a fragment does not stand in this text.
    const wanted = names.wanted(node, port);
    const origin = names
      .origins(node, port)
      .find(({ kind, contract }) => kind === wanted?.kind && fits(contract, wanted));
    const change = origin && setAt(text, ['nodes', node, 'in', port], origin.name);
    return change
      ? { ...lint, quickFix: { label: `wire ${port} to ${origin.name}`, ...change } }
      : lint;
  });
}

const fits = (contract: string, wanted: { readonly kind: string; readonly contract: string }) =>
  wanted.kind === 'market' || contract === wanted.contract;
