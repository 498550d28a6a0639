import type { DeploymentRecord, NodePlan } from '../contracts/deployment.ts';
import type { Lint } from '../flow/graph.ts';
import type { Outline } from '../flow/outline.ts';
import type { QuickFix } from '../flow/quick-fix.ts';
import type { Statechart } from '../inspect/statechart.ts';

/** A flow file as a list shows it. */
export interface FlowListing {
  /** Name of the file without `.flow.yaml`. */
  readonly id: string;
  readonly file: string;
  readonly doc: string;
  readonly version: string;
  /** It is the flow that runs in this process. */
  readonly isRunning: boolean;
  readonly nodes: number;
  readonly errors: number;
  readonly warnings: number;
  /** Test files that name it. */
  readonly tests: readonly string[];
}

/** The text of a flow and what identifies it: an editor that saves says which text it began with. */
export interface FlowText {
  readonly id: string;
  readonly file: string;
  readonly text: string;
  /** sha256 of the text. */
  readonly sha: string;
  readonly isRunning: boolean;
}

/** The text that runs: a file may say something else until it is deployed. */
export interface RunningText {
  readonly text: string;
  /** sha256 of the text. */
  readonly sha: string;
  /** Version it is kept as. */
  readonly number: number;
}

/** A mistake with what would mend it. */
export interface FixableLint extends Lint {
  readonly quickFix: QuickFix | null;
}

/** What the engine says of a text. */
export interface FlowCheck {
  readonly lints: readonly FixableLint[];
  /** Null with at least one error. */
  readonly outline: Outline | null;
}

/** A case of a flow test, as far as a list shows it. */
export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  readonly failures: readonly string[];
}

/** How the tests of a flow went. */
export interface TestRun {
  readonly files: readonly string[];
  readonly cases: readonly CaseResult[];
  /** What kept tests from being run. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** What a deployment would do. */
export interface DeployPlan {
  readonly flow: string;
  readonly version: string;
  readonly from: string;
  readonly to: string;
  readonly nodes: readonly NodePlan[];
  /** What changes beside nodes: parameters, sources. */
  readonly notes: readonly string[];
  /** Why it cannot be deployed; empty when it can. */
  readonly refusals: readonly string[];
  /** Nodes that look renamed: `moved:` would keep their state. */
  readonly hints: readonly string[];
}

/**
 * How a text became a version. While a deployment is on its way its text is `taking over`; it ends as deployed, rolled
 * back (a text that had run before), refused, or cut off: the process ended before the text took over.
 */
export type VersionEvent =
  | 'started'
  | 'saved'
  | 'taking over'
  | 'deployed'
  | 'rolled back'
  | 'refused'
  | 'cut off';

/** A text that was saved or deployed. */
export interface FlowVersion {
  readonly number: number;
  /** Wall clock in milliseconds since 1970. */
  readonly at: number;
  readonly sha: string;
  readonly flowVersion: string;
  /** Hash of the flow; null for a text that was only saved. */
  readonly hash: string | null;
  readonly what: VersionEvent;
}

/** Where nodes were put by hand, by id; the others stand where the layout puts them. */
export type MovedPlaces = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** What became of a command to save or to deploy. */
export type SaveOutcome =
  | { readonly ok: true; readonly sha: string; readonly version: FlowVersion }
  | { readonly ok: false; readonly reason: string; readonly disk: FlowText | null };
/** The same for a deployment. */
export type DeployOutcome =
  | {
      readonly ok: true;
      readonly sha: string;
      readonly version: FlowVersion;
      readonly records: readonly DeploymentRecord[];
    }
  | { readonly ok: false; readonly reason: string; readonly disk: FlowText | null };

/** A port of a plugin. */
export interface PortFact {
  readonly port: string;
  readonly kind: 'market' | 'event' | 'table';
  /** Contract, or what of the market it takes. */
  readonly contract: string;
  readonly optional: boolean;
  readonly key: string | null;
  readonly doc: string;
}

/** A parameter of a plugin. */
export interface ParameterFact {
  readonly name: string;
  readonly value: string;
  readonly default: string;
  readonly unit: string;
  readonly meaning: string;
}

/** A plugin as the registry knows it. */
export interface PluginFact {
  readonly id: string;
  readonly version: string;
  readonly kind: 'processor' | 'source' | 'sink';
  readonly summary: string;
  readonly in: readonly PortFact[];
  readonly out: readonly PortFact[];
  readonly parameters: readonly ParameterFact[];
  readonly hasSensor: boolean;
  readonly hasMachine: boolean;
  /** Flows of the folder that use it. */
  readonly usedBy: readonly string[];
}

/** A plugin with everything that its page shows. */
export interface PluginDetail extends PluginFact {
  readonly statechart: Statechart | null;
  readonly examples: readonly {
    readonly title: string;
    readonly yaml: string;
    readonly feed: string;
    readonly expect: string;
  }[];
  /** Its README; null when it has none. */
  readonly readme: string | null;
}

/** A code of an error or a lint. */
export interface CodeFact {
  readonly code: string;
  readonly level: 'error' | 'lint' | 'warning';
  readonly say: readonly string[];
  readonly doc: string;
}

/** A topic of the log. */
export interface TopicFact {
  readonly topic: string;
  /** The running flow reads it, writes it, or does not know it. */
  readonly way: 'in' | 'out' | 'other';
  readonly kind: 'market' | 'event' | 'table' | 'log' | null;
  readonly contract: string | null;
  readonly key: string | null;
  /** Offset the next record will get, by instrument. */
  readonly ends: Readonly<Record<string, number>>;
  /** Bytes of one copy on disk; null where they are not known. */
  readonly bytes: number | null;
}

/** The topics of the log, and what is known of their size. */
export interface TopicList {
  readonly topics: readonly TopicFact[];
  /** Bytes of the files that hold all topics together; null where there are none such. */
  readonly files: number | null;
  /** Why topics have no bytes of their own; null where they have. */
  readonly reason: string | null;
}

/** A record as a page shows it. */
export interface SampledRecord {
  readonly offset: number;
  readonly ts: number;
  readonly schema: string;
  /** JSON, cut where it is long; of a market batch what it holds. */
  readonly text: string;
}

/** A record of the day's journal; prices are decimals. */
export interface JournalEntry {
  readonly ts: number;
  readonly node: string;
  readonly port: string;
  readonly chapter: 'plan' | 'expectation' | 'signal' | 'idea' | 'outcome' | 'score';
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A trade date as a flow lived it. */
export interface JournalDay {
  readonly tradeDate: string;
  /** When the trade day begins and ends, in microseconds. */
  readonly open: number;
  readonly close: number;
  /** The nearest trade dates before and after of which there are records; null where there is none. */
  readonly before: string | null;
  readonly after: string | null;
  readonly isToday: boolean;
  readonly instrument: string;
  /** What this flow can tell of: a node publishes it. */
  readonly chapters: readonly JournalEntry['chapter'][];
  /** Oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Topics of which only the newest records are shown. */
  readonly cut: readonly string[];
  /** Trade date the log begins with; null for an empty one. Of days before there is nothing to show. */
  readonly logFrom: string | null;
  /** False where the log begins later than the day: records of before are gone, or there never were any. */
  readonly isWhole: boolean;
  /** The flow's journal in the log, and the offset after its newest record. */
  readonly journal: { readonly topic: string; readonly end: number };
}

/** Everything about flows and plugins that a page can ask of the process. */
export interface Desk {
  flows(): Promise<readonly FlowListing[]>;
  /** Returns a flow of the folder; null when there is none of that name. */
  read(id: string): FlowText | null;
  /** Returns the text of a flow that runs here; null for one that does not. */
  running(id: string): RunningText | null;
  check(id: string, text: string): Promise<FlowCheck>;
  /** Runs the tests of a flow on a text, in a process of its own. */
  test(id: string, text: string): Promise<TestRun>;
  plan(id: string, text: string): Promise<DeployPlan>;
  /** Where nodes of a flow were put by hand. */
  layout(id: string): MovedPlaces;
  /** Keeps them in a file beside the flow, of which it is no part; none takes the file away. */
  saveLayout(id: string, places: MovedPlaces): void;
  /** Writes a text that passed its checks or not; refused when the file is not the one the editor began with. */
  save(id: string, text: string, baseSha: string): Promise<SaveOutcome>;
  /** Writes a text and lets it take over in the run; a text that was deployed before is a rollback. */
  deploy(id: string, text: string, baseSha: string): Promise<DeployOutcome>;
  versions(id: string): readonly FlowVersion[];
  versionText(id: string, number: number): string | null;
  /** The JSON Schema of flow files. */
  schema(): Promise<object>;
  plugins(): Promise<readonly PluginFact[]>;
  plugin(id: string): Promise<PluginDetail | null>;
  /** Topics of the run's log; none before it is open. */
  topics(): Promise<TopicList>;
  /** The newest few records of a topic. */
  sample(topic: string, instrument: string): Promise<readonly SampledRecord[]>;
  /**
   * A trade date of an instrument of the run as its log has it, `2025-11-19`; null for the one it is in, and for the first
   * instrument.
   */
  journal(date: string | null, symbol: string | null): Promise<JournalDay | null>;
  /** Every error and lint with its words. */
  codes(): readonly CodeFact[];
}
