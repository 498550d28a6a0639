import { type DeploymentRecord, deploymentTopic } from '../contracts/deployment.ts';
import type { CompiledFlow } from '../flow/flow-input.ts';
import type { FlowGraph } from '../flow/graph.ts';
import { flowJsonSchema } from '../flow/json-schema.ts';
import { outlineOf } from '../flow/outline.ts';
import { quickFixOf } from '../flow/quick-fix.ts';
import { type ReadableLog, TopicReader } from '../inspect/topic-reader.ts';
import { createRegistry } from '../plugin/registry.ts';
import { Arguments } from './arguments.ts';
import { allCodes } from './code-facts.ts';
import type {
  CodeFact,
  DeployOutcome,
  DeployPlan,
  Desk,
  FlowCheck,
  FlowListing,
  FlowText,
  FlowVersion,
  JournalDay,
  MovedPlaces,
  PluginDetail,
  PluginFact,
  RunningText,
  SampledRecord,
  SaveOutcome,
  TestRun,
  TopicList,
} from './desk.ts';
import type { Disk } from './disk.ts';
import { DraftLimits } from './draft-limits.ts';
import { testDraft, testsOf } from './draft-tests.ts';
import { FlowFiles, FlowVersions, shaOf } from './flow-files.ts';
import { readLayout, writeLayout } from './flow-layout.ts';
import type { FoundPlugin, Host } from './host.ts';
import type { HotReload } from './hot-reload.ts';
import { journalDay } from './journal-day.ts';
import type { LiveEngine } from './live-engine.ts';
import { checkFlow } from './load-flow.ts';
import { planDeployment } from './plan-deployment.ts';
import { pluginDetail, pluginFact } from './plugin-facts.ts';
import { sampleTopic, topicFacts } from './topic-facts.ts';

/** What a desk works on. */
export interface DeskOptions {
  readonly host: Host;
  readonly args: Arguments;
  readonly flowFile: string;
  readonly home: string;
  readonly engine: LiveEngine;
  readonly reload: HotReload;
  readonly disk: Disk;
}

const mostChecks = 64;

/** A text that was compiled within its limits. */
interface CompiledDraft extends CompiledFlow {
  /** Variables of the process it names and must not read. */
  readonly refused: readonly string[];
}

function usedIn(text: string): ReadonlySet<string> {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return new Set(
    [...lines.join('\n').matchAll(/\buse:\s*["']?([a-z][a-z0-9-]*)/g)].map(([, id]) => id ?? ''),
  );
}

const didRun = ({ what }: FlowVersion): boolean =>
  what === 'started' || what === 'deployed' || what === 'rolled back';

/** Returns the hash of the flow that took over last in a log; null when none did. */
async function lastDeployed({ name, instruments }: FlowGraph, log: ReadableLog) {
  const [instrument] = instruments;
  if (!instrument) return null;
  const record = await new TopicReader(log, deploymentTopic(name), instrument.number).last();
  return record && (JSON.parse(String(record.value)) as DeploymentRecord).hash;
}

/** Why tests cannot be run now; null when they can. A text with mistakes is not handed to a process without limits. */
function testObstacle(isThere: boolean, isRight: boolean, isBusy: boolean): string | null {
  if (!isThere) return 'the flow is gone';
  if (isBusy) return 'tests are being run already';
  return isRight ? null : 'the flow has mistakes: mend them first';
}

/** Flows and plugins of the process, for its pages: lists, checks, tests, and deployment into the run. */
export class FlowDesk implements Desk {
  private readonly options: DeskOptions;
  private readonly files: FlowFiles;
  private readonly kept: FlowVersions;
  private readonly checks = new Map<string, Promise<CompiledDraft>>();
  private adapt: (graph: FlowGraph) => FlowGraph = (graph) => graph;
  private found: Promise<readonly FoundPlugin[]> | null = null;
  private testing: Promise<TestRun> | null = null;
  private runs: { readonly id: string; readonly text: RunningText } | null = null;

  constructor(options: DeskOptions) {
    this.options = options;
    const { host, flowFile, home, disk } = options;
    this.files = new FlowFiles(host, flowFile, disk);
    this.kept = new FlowVersions(host, home, disk);
  }

  /**
   * Notes the text that runs as a version, so that one can go back to it, and what became of a deployment that a crash
   * cut off.
   *
   * @param adapt - Changes a checked flow as the run's options want it, as was done with this one.
   * @param log - Tells which flow took over last.
   */
  async begin(
    graph: FlowGraph,
    adapt: (graph: FlowGraph) => FlowGraph,
    log: ReadableLog,
  ): Promise<void> {
    this.adapt = adapt;
    const running = [...this.files.all()].find(([, file]) => file === this.options.flowFile);
    const read = running && this.files.read(running[0]);
    if (!read) return;
    this.files.sweep(read.id);
    const last = this.kept.of(read.id).at(-1);
    if (last?.what === 'taking over') {
      const tookOver = (await lastDeployed(graph, log)) === last.hash;
      this.kept.settle(read.id, last, tookOver ? 'deployed' : 'cut off');
    }
    const { version: flowVersion, hash } = graph;
    const of = { flowVersion, hash, what: 'started' as const };
    const version = last?.sha === read.sha ? last : this.kept.add(read.id, read.text, of);
    this.noteRunning(read.id, read.text, version);
  }

  async flows(): Promise<readonly FlowListing[]> {
    const { host } = this.options;
    const listed: FlowListing[] = [];
    for (const id of this.files.all().keys()) {
      const read = this.files.read(id);
      if (!read) continue;
      const { graph, lints } = await this.compiled(id, read.text);
      const errors = lints.filter(({ level }) => level === 'error').length;
      listed.push({
        id,
        file: read.file,
        doc: graph?.doc ?? '',
        version: graph?.version ?? '',
        isRunning: read.isRunning,
        nodes: graph?.nodes.length ?? 0,
        errors,
        warnings: lints.length - errors,
        tests: testsOf(host, read.file),
      });
      await host.turn();
    }
    return listed;
  }

  read(id: string): FlowText | null {
    return this.files.read(id);
  }

  running(id: string): RunningText | null {
    return this.runs?.id === id ? this.runs.text : null;
  }

  async check(id: string, text: string): Promise<FlowCheck> {
    const { graph, lints } = await this.compiled(id, text);
    const file = this.files.read(id)?.file;
    return {
      lints: lints.map((lint) => ({
        ...lint,
        quickFix: lint.file === file ? quickFixOf(lint, text) : null,
      })),
      outline: graph && outlineOf(graph),
    };
  }

  async test(id: string, text: string): Promise<TestRun> {
    const read = this.files.read(id);
    const { graph } = await this.compiled(id, text);
    const problem = testObstacle(read !== null, graph !== null, this.testing !== null);
    if (!read || problem !== null)
      return { files: [], cases: [], problems: [problem ?? ''], seconds: 0 };
    this.testing = testDraft(this.options.host, read.file, text);
    try {
      return await this.testing;
    } finally {
      this.testing = null;
    }
  }

  async plan(id: string, text: string): Promise<DeployPlan> {
    return (await this.planned(id, text)).plan;
  }

  layout(id: string): MovedPlaces {
    const read = this.files.read(id);
    return read ? readLayout(this.options.host, read.file) : {};
  }

  saveLayout(id: string, places: MovedPlaces): void {
    const read = this.files.read(id);
    const { host, disk } = this.options;
    if (read) writeLayout(host, disk, read.file, places);
  }

  async save(id: string, text: string, baseSha: string): Promise<SaveOutcome> {
    const refused = this.refusal(id, baseSha);
    if (refused) return refused;
    const { graph, refused: names } = await this.compiled(id, text);
    const again = this.refusal(id, baseSha);
    if (again) return again;
    // On disk it could read them from the next start on.
    if (names.length > 0)
      return {
        ok: false,
        reason: `a text from the editor may not read ${names.join(', ')}: write it into the file by hand, or name it in ORDERFLOW_ENV_ALLOW`,
        disk: null,
      };
    const of = { flowVersion: graph?.version ?? '', hash: null, what: 'saved' as const };
    // The version first: where it cannot be kept the file stays as it was.
    const version = this.kept.add(id, text, of);
    this.files.stage(id, text)?.put();
    return { ok: true, sha: shaOf(text), version };
  }

  async deploy(id: string, text: string, baseSha: string): Promise<DeployOutcome> {
    const { plan, graph } = await this.planned(id, text);
    const refused = this.refusal(id, baseSha);
    if (refused) return refused;
    const [reason] = plan.refusals;
    if (reason !== undefined || !graph)
      return { ok: false, reason: reason ?? 'the flow has mistakes', disk: null };
    return this.takeOver(id, text, baseSha, graph);
  }

  versions(id: string): readonly FlowVersion[] {
    return this.kept.of(id);
  }

  versionText(id: string, number: number): string | null {
    return this.kept.text(id, number);
  }

  async schema(): Promise<object> {
    const found = await this.loaded();
    return flowJsonSchema(createRegistry(found.map(({ plugin }) => plugin)));
  }

  async plugins(): Promise<readonly PluginFact[]> {
    return (await this.loaded()).map(({ plugin }) => pluginFact(plugin, this.usersOf(plugin.id)));
  }

  async plugin(id: string): Promise<PluginDetail | null> {
    const found = (await this.loaded()).find(({ plugin }) => plugin.id === id);
    return found ? pluginDetail(this.options.host, found, this.usersOf(id)) : null;
  }

  async topics(): Promise<TopicList> {
    const { log, graph } = this.options.engine;
    if (log && graph) return topicFacts(log, graph);
    return { topics: [], files: null, reason: 'the log is not open yet' };
  }

  async sample(topic: string, instrument: string): Promise<readonly SampledRecord[]> {
    const { log, graph } = this.options.engine;
    return log && graph ? sampleTopic(log, graph, topic, instrument) : [];
  }

  async journal(date: string | null, symbol: string | null): Promise<JournalDay | null> {
    const live = this.options.engine.taskOf(symbol);
    if (!live) return null;
    const { log, graph, runner } = live;
    const { instrument, clock } = runner.task;
    return journalDay(log, graph, instrument, date, clock.now);
  }

  codes(): readonly CodeFact[] {
    return allCodes();
  }

  private noteRunning(id: string, text: string, { sha, number }: FlowVersion): void {
    this.runs = { id, text: { text, sha, number } };
  }

  private usersOf(plugin: string): string[] {
    return [...this.files.all().keys()].filter((id) =>
      usedIn(this.files.read(id)?.text ?? '').has(plugin),
    );
  }

  private loaded(): Promise<readonly FoundPlugin[]> {
    this.found ??= this.options.host.loadPlugins();
    return this.found;
  }

  /** Compiles a text as if it stood in the file, with the run's parameters where it is the running flow. */
  private compiled(id: string, text: string, isFresh = false): Promise<CompiledDraft> {
    const read = this.files.read(id);
    if (!read) return Promise.resolve({ graph: null, lints: [], refused: [] });
    const limits = new DraftLimits(this.options.host, read.file, read.text);
    const key = `${id} ${shaOf(text)} ${limits.key}`;
    const known = this.checks.get(key);
    // A fragment or environment beside the flow may have changed: what is deployed is always looked at anew.
    if (known && !isFresh) return known;
    const { host, args } = this.options;
    const { file, isRunning } = read;
    const readText = (path: string): string | null => (path === file ? text : host.readText(path));
    const loadPlugins = (): Promise<readonly FoundPlugin[]> => this.loaded();
    const drafting = Object.assign(Object.create(host) as Host, { readText, loadPlugins });
    const own = isRunning ? args : new Arguments('lint', [], new Map());
    const made = checkFlow(drafting, file, own, {
      mayRead: (name, from) => limits.mayRead(name, from),
      readFile: (path) => (limits.mayOpen(path) ? host.readText(path) : null),
    }).then((compiled) => ({ ...limits.hide(compiled), refused: limits.refused(text) }));
    this.checks.set(key, made);
    if (this.checks.size > mostChecks) this.checks.delete([...this.checks.keys()][0] ?? '');
    return made;
  }

  private async planned(id: string, text: string) {
    const { engine } = this.options;
    const { graph: checked } = await this.compiled(id, text, true);
    const isRunning = this.files.read(id)?.isRunning === true;
    const graph = checked && this.adapt(checked);
    return { graph, plan: planDeployment(isRunning ? engine : null, graph) };
  }

  /**
   * Lets a text take over, and puts it in its file once it has. Everything that could fail is done before: a crash at any
   * point leaves the old file or the new one, and the list of versions says which text ran.
   */
  private async takeOver(
    id: string,
    text: string,
    baseSha: string,
    graph: FlowGraph,
  ): Promise<DeployOutcome> {
    // Two texts staged at once would lie in one place: what is refused would take the other one away.
    if (this.options.reload.isBusy)
      return { ok: false, reason: 'a deployment is on its way', disk: null };
    const sha = shaOf(text);
    const { version: flowVersion, hash } = graph;
    const isOld = this.kept.of(id).some((version) => version.sha === sha && didRun(version));
    const staged = this.files.stage(id, text);
    const begun = this.kept.add(id, text, { flowVersion, hash, what: 'taking over' });
    const reloaded = await this.options.reload.request(graph);
    if (!reloaded.ok) {
      staged?.drop();
      this.kept.settle(id, begun, 'refused');
      return { ok: false, reason: reloaded.reason, disk: null };
    }
    const version = this.kept.settle(id, begun, isOld ? 'rolled back' : 'deployed');
    this.noteRunning(id, text, version);
    try {
      // What somebody else wrote there meanwhile stays; the editor tells of it as of any change on disk.
      if (this.files.read(id)?.sha === baseSha) staged?.put();
      else staged?.drop();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const reason = `it runs, as version ${version.number}, but is not in its file: ${cause}`;
      return { ok: false, reason, disk: null };
    }
    return { ok: true, sha, version, records: reloaded.records };
  }

  /** Why a file must not be written: it is gone, or not the one the editor began with. */
  private refusal(
    id: string,
    baseSha: string,
  ): { readonly ok: false; readonly reason: string; readonly disk: FlowText | null } | null {
    const disk = this.files.read(id);
    if (!disk) return { ok: false, reason: 'the flow file is gone', disk: null };
    if (disk.sha === baseSha) return null;
    return { ok: false, reason: `'${disk.file}' was changed by somebody else meanwhile`, disk };
  }
}
