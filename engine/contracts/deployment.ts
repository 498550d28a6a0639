/** Topic of what was deployed into a running flow, one record per deployment. */
export const deploymentTopic = (flow: string): string => `${flow}.deployments`;
/** Schema id of a deployment record. */
export const deploymentSchema = 'deployment/1';

/** What becomes of a node's state when a flow changes under it. */
export type NodeFate = 'kept' | 'migrated' | 'reset' | 'new' | 'gone';

/** One node of a deployment. */
export interface NodePlan {
  readonly node: string;
  readonly fate: NodeFate;
  /** Its key before, when `moved:` renamed it. */
  readonly was: string | null;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Parameters that change: `minVolume 300 → 250`. */
  readonly changes: readonly string[];
}

/** A flow that took over from another one between two records of the log. */
export interface DeploymentRecord {
  readonly ts: number;
  readonly flow: string;
  readonly version: string;
  /** Hash of the flow that runs from here on, and of the one before. */
  readonly hash: string;
  readonly previous: string;
  /** The last macrostep of the flow before, and the next offset of each topic it reads. */
  readonly seq: number;
  readonly offsets: Readonly<Record<string, number>>;
  readonly nodes: readonly NodePlan[];
}
