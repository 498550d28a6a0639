import type { Instrument } from '../market/instrument.ts';
import type { Registry } from '../plugin/registry.ts';
import type { FlowGraph, Lint } from './graph.ts';

/** A flow and everything it may lead to: the compiler reads nothing by itself. */
export interface FlowInput {
  /** Path of the flow, for places and for fragments beside it. */
  readonly file: string;
  readonly text: string;
  readonly registry: Registry;
  /** Returns the text of a file a flow names; null when there is none. */
  readFile(path: string): string | null;
  /** A file of `flows/environments/` laid over the flow. */
  readonly environment?: { readonly file: string; readonly text: string };
  /** Values of parameters from the command line; they come before those of the environment. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Variables of the process, for `${env:NAME:default}`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether a file may read a variable of the process; absent: every file may read every one. */
  mayRead?(name: string, file: string): boolean;
  /** Instruments in place of those of the flow. */
  readonly instruments?: readonly string[];
  /** The source behind every market in-port, in place of those of the flow. */
  readonly marketSource?: {
    readonly use: string;
    readonly with: Readonly<Record<string, unknown>>;
  };
  /** Instruments of the user beside those that ship. */
  readonly instrumentTable?: readonly Instrument[];
  /** The plugins that wrote the state this flow would go on from. */
  readonly previous?: {
    readonly nodes: Readonly<Record<string, { readonly plugin: string; readonly version: string }>>;
  };
}

/** A checked flow, or null with at least one lint of level error. */
export interface CompiledFlow {
  readonly graph: FlowGraph | null;
  readonly lints: readonly Lint[];
}
