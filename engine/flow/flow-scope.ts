import type { AnyProcessor, AnySource } from '../plugin/define-plugin.ts';
import type { Port, RecordPort } from '../plugin/port.ts';
import type { ErrorPolicy, Place, WireOrigin } from './graph.ts';
import type { ParamScope } from './params.ts';
import type { MapTree, TextScalar, Tree } from './yaml-tree.ts';

/** Where a wire comes from, once its name is resolved. */
export interface Origin {
  readonly origin: WireOrigin;
  /** As written, for messages. */
  readonly label: string;
  /** The port it comes from; null where only the topic is known. */
  readonly port: Port | null;
  /** Conditions on the way, each with the parameters of the file it stands in. */
  readonly where: readonly { readonly text: TextScalar; readonly params: ParamScope }[];
}

/** The names of one file: the flow itself, or one use of a fragment. */
export interface FileScope {
  readonly file: string;
  /** Empty for the flow; `watch-` inside the node `watch` that uses a fragment. */
  readonly prefix: string;
  readonly params: ParamScope;
  /** In-ports of a fragment: what the node that uses it wired there. */
  readonly ports: ReadonlyMap<string, () => Origin | null>;
  /** `onError` of the file or of the node that uses the fragment. */
  readonly onError: ErrorPolicy | null;
}

/** A node before its wires are known. */
export type NodeDraft = {
  /** Key in the whole flow. */
  readonly id: string;
  readonly place: Place;
  readonly tree: MapTree;
  readonly scope: FileScope;
} & (
  | { readonly kind: 'plugin'; readonly use: string; readonly plugin: AnyProcessor }
  /** A statechart of the flow; a port is null when its contract is not readable. */
  | { readonly kind: 'chart'; readonly out: ReadonlyMap<string, RecordPort | null> }
);

/** A node that uses a fragment: its out-ports lead to nodes inside. */
export interface FragmentUse {
  readonly id: string;
  readonly out: ReadonlyMap<string, { readonly target: Tree; readonly scope: FileScope }>;
}

/** A source of the flow before its configuration is known. */
export type SourceDraft = { readonly id: string; readonly place: Place } & (
  | {
      readonly kind: 'plugin';
      readonly plugin: AnySource;
      readonly config: Readonly<Record<string, unknown>> | null;
    }
  | { readonly kind: 'topic'; readonly topic: string; readonly schema: RecordPort | null }
  /** It was noted as wrong; wires to it are not told again. */
  | { readonly kind: 'broken' }
);

/** Returns the out-ports of a node by name; null for one whose contract is not readable. */
export function outPortsOf(draft: NodeDraft): ReadonlyMap<string, RecordPort | null> {
  return draft.kind === 'chart' ? draft.out : new Map(Object.entries(draft.plugin.out));
}
