import type { LiveTask } from '#engine/cli/live-task.ts';
import type { Leaf } from '#engine/contracts/evidence.ts';
import type { JournalRecord } from '#engine/contracts/journal.ts';
import type { Standing } from '#engine/inspect/ask-again.ts';
import { stateValueOf } from '#engine/inspect/flow-test-feed.ts';
import type { WhatIf } from '#engine/inspect/what-if.ts';
import type { Task } from '#engine/runtime/task.ts';
import type { FlowEdit } from '../live/why.ts';

type Config = Readonly<Record<string, unknown>>;
type TaskNode = Task['nodes'][number];

/** Less than this is the dust of binary fractions. */
const dust = 1e-9;

/** A refusal that is to pass one condition more easily. */
export interface EasedRefusal {
  readonly node: string;
  readonly transition: string;
  /** The condition as it was asked. */
  readonly leaf: Leaf;
  readonly found: WhatIf;
  readonly record: JournalRecord;
}

const none = (reason: string): FlowEdit => ({ kind: 'none', reason });

/** Numbers one may write instead of `exact`, the nearest first; of whole numbers the one that is not harder before the other. */
function writable(exact: number, isWhole: boolean): number[] {
  if (!isWhole) {
    const short = Number(exact.toPrecision(9));
    return [short, exact];
  }
  const whole = Math.round(exact);
  if (Math.abs(whole - exact) < dust) return [whole, whole - 1, whole + 1];
  return [
    Math.floor(exact),
    Math.ceil(exact),
    Math.floor(exact) - 1,
    Math.ceil(exact) + 1,
    Number(exact.toPrecision(9)),
  ];
}

/** The same refusal with other parameters: how the condition is then answered; null where it is not asked. */
class Trial {
  private readonly live: LiveTask;
  private readonly node: TaskNode;
  private readonly eased: EasedRefusal;
  private readonly standing: Standing;

  constructor(live: LiveTask, eased: EasedRefusal, context: Config) {
    this.live = live;
    this.node = live.runner.task.node(eased.node);
    this.eased = eased;
    this.standing = { value: stateValueOf(eased.record.from), context };
  }

  get config(): Config {
    return this.node.config;
  }

  leafWith(name: string, value: number): Leaf | null {
    const { record, transition, leaf } = this.eased;
    const config = { ...this.config, [name]: value };
    const asking = this.live.askWith(this.node, config, this.standing, record.event);
    const candidate = asking?.candidates.find((one) => one.transition === transition);
    return candidate?.leaves.find(({ text }) => text === leaf.text) ?? null;
  }

  /** Whether what stands in a file comes out of the plugin's own reading as it was written, with everything else as it is. */
  canWrite(name: string, value: number): boolean {
    const field = this.node.graphNode.plugin.config.shape[name];
    return field?.safeParse(value).data === value;
  }

  /** Whether a value makes the condition easier by as much as is asked for. */
  eases(name: string, value: number): boolean {
    const { leaf, found } = this.eased;
    const after = this.leafWith(name, value);
    if (after?.margin === undefined || leaf.margin === undefined) return false;
    if (after.margin - leaf.margin < found.slack - dust) return false;
    // A tie that does not pass is not easy enough for a refusal that was to pass.
    return after.ok || leaf.margin + found.slack < -dust;
  }
}

/** By how much the right side of the condition moves with a parameter; 0 where it does not. */
function slopeOf(trial: Trial, name: string, value: number, right: number): number {
  const step = Number.isInteger(value) ? 1 : Math.max(Math.abs(value) * 0.01, 1e-3);
  for (const by of [step, -step]) {
    const moved = trial.leafWith(name, value + by);
    if (moved && typeof moved.right === 'number') return (moved.right - right) / by;
  }
  return 0;
}

/** Finds the parameter of a plugin that a condition compares with, by trying: what changes it, and to what. */
function pluginEdit(trial: Trial, { node, leaf, found }: EasedRefusal): FlowEdit {
  const isUpward = found.op === '>=';
  const wanted = Number(leaf.right) + (isUpward ? -found.slack : found.slack);
  for (const [name, value] of Object.entries(trial.config)) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    const slope = slopeOf(trial, name, value, Number(leaf.right));
    if (slope === 0) continue;
    const exact = value + (wanted - Number(leaf.right)) / slope;
    const fits = writable(exact, Number.isInteger(value)).find(
      (one) => trial.canWrite(name, one) && trial.eases(name, one),
    );
    if (fits !== undefined)
      return { kind: 'set', path: ['nodes', node, 'with', name], was: value, is: fits };
  }
  return none('no single parameter of the node makes this condition as easy as that');
}

/** A condition that is written in the flow: its right side is a parameter of the flow, or a number. */
function writtenEdit(task: Task, { leaf, found }: EasedRefusal): FlowEdit {
  const [, head = '', right = ''] = /^(.*(?:>=|<=|>|<)\s*)([^<>=]+)$/s.exec(leaf.text) ?? [];
  const number = found.needed;
  if (number === null)
    return none('what was needed was another number each time: no number of the flow says it');
  const isStrict = /[<>]\s*$/.test(head);
  const param = /^p\.(\w+)$/.exec(right)?.[1];
  const was = param === undefined ? Number(right) : task.graph.params[param];
  if (typeof was !== 'number' || was !== leaf.right)
    return none('its right side is computed: no single number of the flow says it');
  const is = rounded(number, found.op === '>=', Number.isInteger(was), isStrict);
  if (param !== undefined) return { kind: 'set', path: ['params', param, 'default'], was, is };
  return { kind: 'replace', was: leaf.text, is: `${head}${is}` };
}

/** A number that a refusal with this margin passes: of whole numbers the next easier one. */
function rounded(needed: number, isUpward: boolean, isWhole: boolean, isStrict: boolean): number {
  if (!isWhole) return Number(needed.toPrecision(9));
  const whole = isUpward ? Math.floor(needed + dust) : Math.ceil(needed - dust);
  if (!isStrict || Math.abs(whole - needed) > dust) return whole;
  return isUpward ? whole - 1 : whole + 1;
}

/**
 * Finds the change of one number in the text of a flow that makes a condition easier. For a plugin it is tried on the
 * recorded refusal with its context of then; guards that read tables are asked with those of now.
 */
export async function flowEdit(live: LiveTask, eased: EasedRefusal): Promise<FlowEdit> {
  const { book } = live;
  const { task } = live.runner;
  const { graphNode } = task.node(eased.node);
  if (graphNode.plugin.id.startsWith('flow:')) return writtenEdit(task, eased);
  const { seq } = eased.record;
  const { first, last } = book;
  if (!first || !last || seq <= first.seq || seq > last.seq)
    return none('the journal is not read that far: ask again in a moment');
  if (book.changeAfter(eased.node, seq))
    return none('the flow was changed since: its parameters of then are not those of the file');
  const before = (await book.moment(seq - 1)).machines.get(eased.node);
  if (!before?.isWhole) return none('the log no longer holds what the machine remembered then');
  const trial = new Trial(live, eased, before.context);
  return pluginEdit(trial, eased);
}
