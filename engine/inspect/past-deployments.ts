import { type DeploymentRecord, deploymentTopic, type NodePlan } from '../contracts/deployment.ts';
import type { Instrument } from '../market/instrument.ts';
import type { PastMachine } from './past-machine.ts';
import { type ReadableLog, TopicReader } from './topic-reader.ts';

const perPage = 64;

/** A machine of which only what macrosteps tell is known. */
export const unknownMachine: PastMachine = { state: '', context: {}, since: null, isWhole: false };

/** The changed flows that took over in a run up to now, and what became of each machine. */
export class PastDeployments {
  private readonly topic: TopicReader;
  private records: DeploymentRecord[] = [];

  constructor(log: ReadableLog, flow: string, instrument: Instrument) {
    this.topic = new TopicReader(log, deploymentTopic(flow), instrument.number);
  }

  /** Reads them; nothing takes over under a flow that runs without another one being opened. */
  async read(): Promise<void> {
    this.records = [];
    for (let offset = 0; ; ) {
      const page = await this.topic.page(offset, perPage);
      const last = page.at(-1);
      if (!last) return;
      for (const { value } of page)
        this.records.push(JSON.parse(String(value)) as DeploymentRecord);
      offset = last.offset + 1;
    }
  }

  /** Those between two macrosteps, and with the first right behind it; ascending. */
  between(from: number, before: number): readonly DeploymentRecord[] {
    return this.records.filter(({ seq }) => seq >= from && seq < before);
  }

  /** The last that took over before a macrostep; null when none did. */
  lastBefore(seq: number): DeploymentRecord | null {
    return this.records.findLast((record) => record.seq < seq) ?? null;
  }

  /** Hashes of the flows they tell of, oldest first; null when one does not begin where the one before it ended. */
  chain(now: string): readonly string[] | null {
    const hashes = this.records.length === 0 ? [now] : [this.records[0]?.previous ?? ''];
    for (const { previous, hash } of this.records) {
      if (hashes.at(-1) !== previous) return null;
      hashes.push(hash);
    }
    return hashes.at(-1) === now ? hashes : null;
  }

  /** Whether a node keeps its machine from a macrostep on: the one that runs now ran then. */
  isSameSince(node: string, seq: number): boolean {
    return this.between(seq, Number.POSITIVE_INFINITY).every(({ nodes }) =>
      nodes.every((plan) => plan.node !== node || plan.fate === 'kept'),
    );
  }

  /**
   * Lets a changed flow take over.
   *
   * @param machines - Changed in place.
   * @param first - What a machine of now begins with.
   */
  apply(
    { seq, nodes }: DeploymentRecord,
    machines: Map<string, PastMachine>,
    first: ReadonlyMap<string, PastMachine>,
  ): void {
    const before = new Map(machines);
    for (const { node, fate, was } of nodes) {
      if (was !== null) machines.delete(was);
      const old = before.get(was ?? node) ?? unknownMachine;
      if (fate === 'gone') machines.delete(node);
      else if (fate === 'kept') machines.set(node, old);
      // A migration says nothing of the fields it wrote.
      else if (fate === 'migrated') machines.set(node, { ...old, context: {}, isWhole: false });
      else {
        const begun = this.isSameSince(node, seq + 1) ? first.get(node) : undefined;
        machines.set(node, begun ?? unknownMachine);
      }
    }
  }

  /** What a changed flow did to a node after a macrostep: the first that did not leave it as it was. */
  changeAfter(
    node: string,
    seq: number,
  ): { readonly deployment: DeploymentRecord; readonly plan: NodePlan } | null {
    for (const deployment of this.between(seq, Number.POSITIVE_INFINITY))
      for (const plan of deployment.nodes)
        if (plan.node === node && (plan.fate !== 'kept' || plan.changes.length > 0))
          return { deployment, plan };
    return null;
  }
}
