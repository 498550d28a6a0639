import { dirname, join } from 'node:path';
import { OrderflowError } from '../errors.ts';
import type { CompiledFlow } from '../flow/flow-input.ts';
import type { FlowGraph, Lint, Place } from '../flow/graph.ts';
import { Lints } from '../flow/lint-table.ts';
import { coverageOf, type NodeCoverage } from '../inspect/coverage.ts';
import { type FlowTestFile, readFlowTest } from '../inspect/flow-test-file.ts';
import { lintCaseNames } from '../inspect/flow-test-names.ts';
import { type FlowTestResult, runFlowTestCase } from '../inspect/flow-test-run.ts';
import type { FlowTestCase } from '../inspect/flow-test-schema.ts';
import { Arguments } from './arguments.ts';
import { type GoldenCase, runGoldenCase, sourceOfCase } from './golden-case.ts';
import type { Host } from './host.ts';
import { checkFlow } from './load-flow.ts';

/** How one case of a file went. */
export interface CaseReport {
  readonly name: string;
  /** Where the case stands. */
  readonly place: Place;
  /** What did not hold, each with its place; empty when the case passed. */
  readonly failures: readonly { readonly place: Place; readonly text: string }[];
}

/** How a test file went. */
export interface FileReport {
  readonly file: string;
  readonly flow: string;
  readonly cases: readonly CaseReport[];
  /** Mistakes of the test file or its flow; with one of them nothing was run. */
  readonly lints: readonly Lint[];
  readonly coverage: readonly NodeCoverage[];
  /** Nodes whose statechart is written in the flow. */
  readonly ownNodes: readonly string[];
}

/** What is run. */
export interface TestOptions {
  /** Only cases whose name holds this text. */
  readonly only: string | null;
  /** Write the goldens of replayed cases anew. */
  readonly update: boolean;
}

/** Compiles the flow of a test file, once for each set of parameters, instrument and data. */
class FlowCache {
  private readonly compiled = new Map<string, Promise<CompiledFlow>>();
  private readonly host: Host;
  private readonly file: string;

  constructor(host: Host, file: string) {
    this.host = host;
    this.file = file;
  }

  flowOf(golden: GoldenCase): Promise<CompiledFlow> {
    const { given, replay } = golden.plan;
    const params = Object.entries(given.params ?? {}).map(
      ([name, value]) => `${name}=${String(value)}`,
    );
    const more = {
      ...(given.instrument === undefined ? {} : { instruments: [given.instrument] }),
      ...(replay === undefined ? {} : { marketSource: sourceOfCase(golden) }),
    };
    const key = JSON.stringify([params, more]);
    const known = this.compiled.get(key);
    if (known) return known;
    const args = new Arguments('test', [], new Map([['param', params]]));
    const made = checkFlow(this.host, this.file, args, more);
    this.compiled.set(key, made);
    return made;
  }
}

/** One test file at work. */
class FileRun {
  readonly results: FlowTestResult[] = [];
  readonly cases: CaseReport[] = [];
  readonly lints: Lint[] = [];
  private graph: FlowGraph | null = null;
  private readonly host: Host;
  private readonly test: FlowTestFile;
  private readonly options: TestOptions;
  private readonly flows: FlowCache;

  constructor(host: Host, test: FlowTestFile, options: TestOptions) {
    this.host = host;
    this.test = test;
    this.options = options;
    this.flows = new FlowCache(host, join(dirname(test.file), test.flow));
  }

  get ownNodes(): string[] {
    return this.graph?.nodes.filter(({ use }) => use === null).map(({ id }) => id) ?? [];
  }

  async runAll(): Promise<void> {
    for (const [index, plan] of this.test.cases.entries()) {
      if (this.options.only !== null && !plan.name.includes(this.options.only)) continue;
      // A flow with mistakes would say them again for each case.
      if (!(await this.runCase(plan, index))) return;
    }
  }

  /** Runs a case, or notes what is wrong with it. Returns false when the flow itself is wrong. */
  private async runCase(plan: FlowTestCase, index: number): Promise<boolean> {
    const golden: GoldenCase = { plan, file: this.test.file, update: this.options.update };
    const { graph, lints } = await this.flows.flowOf(golden);
    if (!graph) return this.noteFlow(golden, index, lints);
    this.graph = graph;
    const wrong = lintCaseNames(this.test, index, graph);
    this.lints.push(...wrong);
    if (wrong.length > 0) return true;
    const result = await this.resultOf(graph, golden);
    this.results.push(result);
    this.cases.push({
      name: plan.name,
      place: this.test.placeOf(['cases', index, 'name']),
      failures: result.failures.map(({ path, text }) => ({
        place: this.test.placeOf(['cases', index, ...path]),
        text,
      })),
    });
    return true;
  }

  /** Mistakes that only what the case gives brings about stand where it gives them. */
  private async noteFlow(
    golden: GoldenCase,
    index: number,
    lints: readonly Lint[],
  ): Promise<boolean> {
    const { instrument: _instrument, params: _params, ...given } = golden.plan.given;
    const plain = await this.flows.flowOf({ ...golden, plan: { ...golden.plan, given } });
    const place = this.test.placeOf(['cases', index, 'given']);
    const errors = lints.filter(({ level }) => level === 'error');
    this.lints.push(...(plain.graph ? errors.map((lint) => ({ ...lint, ...place })) : errors));
    return plain.graph !== null;
  }

  private async resultOf(graph: FlowGraph, golden: GoldenCase): Promise<FlowTestResult> {
    const [instrument] = graph.instruments;
    if (!instrument)
      throw new OrderflowError('OF_CLI_VALUE', {
        command: 'test',
        option: 'instruments',
        expected: 'at least one',
        was: 'none',
      });
    if (golden.plan.replay === undefined) return runFlowTestCase(graph, instrument, golden.plan);
    return runGoldenCase(this.host, { ...graph, instruments: [instrument] }, golden);
  }
}

/**
 * Runs a flow test file.
 *
 * @throws {OF_CLI_FILE} when it cannot be read; mistakes inside are lints.
 */
export async function runTestFile(
  host: Host,
  file: string,
  options: TestOptions,
): Promise<FileReport> {
  const text = host.readText(file);
  if (text === null) throw new OrderflowError('OF_CLI_FILE', { file, was: 'absent or unreadable' });
  const { test, lints } = readFlowTest(file, text);
  if (!test) return { file, flow: '', cases: [], lints, coverage: [], ownNodes: [] };
  const run = new FileRun(host, test, options);
  try {
    await run.runAll();
  } catch (error) {
    if (!(error instanceof OrderflowError) || error.code !== 'OF_CLI_FILE') throw error;
    const absent = new Lints();
    absent.add('WF090.flow', test.placeOf(['flow']), {
      name: test.flow,
      cause: 'expected a flow file beside the test, was absent or unreadable',
    });
    run.lints.push(...absent.list);
  }
  return {
    file,
    flow: test.flow,
    cases: run.cases,
    lints: run.lints,
    coverage: coverageOf(run.results),
    ownNodes: run.ownNodes,
  };
}
