import { lazy, Suspense, useEffect, useState } from 'react';
import type { DeployPlan, FlowText, FlowVersion, RunningText, TestRun } from '#engine/cli/desk.ts';
import type { NodeFate, NodePlan } from '#engine/contracts/deployment.ts';
import { useLinkObstacle } from '../client/use-link-obstacle.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { askFlow } from './flow-api.ts';
import type { Draft } from './use-draft.ts';

const TextDifference = lazy(() =>
  import('./text-difference.tsx').then((module) => ({ default: module.TextDifference })),
);

const fates: Readonly<Record<NodeFate, { readonly tone: ChipTone; readonly text: string }>> = {
  kept: { tone: 'ok', text: 'keeps its state' },
  migrated: { tone: 'ok', text: 'state migrated' },
  reset: { tone: 'caution', text: 'starts anew' },
  new: { tone: 'plain', text: 'new' },
  gone: { tone: 'caution', text: 'gone' },
};

const isQuiet = ({ fate, changes }: NodePlan): boolean => fate === 'kept' && changes.length === 0;

function NodeTable({
  label,
  nodes,
}: {
  readonly label: string;
  readonly nodes: readonly NodePlan[];
}) {
  return (
    <ScrollTable label={label} head={['node', 'state', 'why', 'changes']}>
      {nodes.map(({ node, was, fate, reason, changes }) => (
        <tr key={node}>
          <th scope="row" className="num">
            {was === null ? node : `${was} → ${node}`}
          </th>
          <td>
            <Chip tone={fates[fate].tone}>{fates[fate].text}</Chip>
          </td>
          <td className="wide-cell">{reason}</td>
          <td className="num">{changes.join('; ')}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Nodes for which something changes, and folded those that only go on. */
function PlanTable({ nodes }: { readonly nodes: readonly NodePlan[] }) {
  const quiet = nodes.filter(isQuiet);
  const others = nodes.filter((node) => !isQuiet(node));
  return (
    <div data-testid="deploy-plan">
      {others.length === 0 ? (
        <p className="muted">No node changes.</p>
      ) : (
        <NodeTable label="Nodes that change" nodes={others} />
      )}
      {quiet.length === 0 ? null : (
        <details>
          <summary>
            ● {quiet.length} node{quiet.length === 1 ? '' : 's'} keep{quiet.length === 1 ? 's' : ''}{' '}
            state and parameters
          </summary>
          <NodeTable label="Nodes that go on as they are" nodes={quiet} />
        </details>
      )}
    </div>
  );
}

function PlanPart({ plan }: { readonly plan: DeployPlan | null }) {
  if (!plan) return <p className="muted">Asking the running engine…</p>;
  if (plan.refusals.length > 0)
    return (
      <ul className="plain-list">
        {plan.refusals.map((text) => (
          <li key={text}>✖ {text}</li>
        ))}
      </ul>
    );
  return (
    <>
      {plan.from === plan.to ? (
        <p className="muted">
          The flow means the same as the one that runs: only comments, layout or its source differ.
        </p>
      ) : null}
      <ul className="plain-list">
        {[...plan.hints, ...plan.notes].map((text) => (
          <li key={text}>◆ {text}</li>
        ))}
      </ul>
      <PlanTable nodes={plan.nodes} />
    </>
  );
}

function TestPart({
  run,
  isRunning,
  start,
}: {
  readonly run: TestRun | null;
  readonly isRunning: boolean;
  readonly start: () => void;
}) {
  const failed = run?.cases.filter(({ failures }) => failures.length > 0) ?? [];
  return (
    <>
      <p>
        <button type="button" onClick={start} disabled={isRunning}>
          {isRunning ? 'Running the tests…' : 'Run its tests'}
        </button>{' '}
        {run ? (
          <span data-testid="test-result">
            {run.files.length === 0 && run.problems.length === 0
              ? 'No file flows/*.test.yaml names this flow.'
              : `${run.cases.length - failed.length} passed, ${failed.length} failed in ${run.seconds.toFixed(1)} s`}
          </span>
        ) : (
          <span className="muted">
            In a process of their own, on this text: neither file nor run is touched.
          </span>
        )}
      </p>
      <ul className="plain-list">
        {run?.problems.map((text) => (
          <li key={text}>✖ {text}</li>
        ))}
        {failed.map(({ file, name, line, failures }) => (
          <li key={`${file}${line}`}>
            ✖ <strong>{name}</strong> ({file}:{line}) {failures.join('; ')}
          </li>
        ))}
      </ul>
    </>
  );
}

function errorsOf({ check }: Draft): number {
  return check.lints.filter(({ level }) => level === 'error').length;
}

/** What stands in the way of deploying; null when nothing does. */
function obstacleOf(draft: Draft, plan: DeployPlan | null): string | null {
  if (draft.isChecking || !plan) return 'still being checked';
  const errors = errorsOf(draft);
  if (errors > 0) return `${errors} error${errors === 1 ? '' : 's'} in the text`;
  return plan.refusals[0] ?? null;
}

/** What a draft is compared with: the text that runs, and where none runs here its file. */
export function comparedWith(
  { base }: Pick<Draft, 'base'>,
  running: RunningText | null,
): { readonly title: string; readonly text: string } {
  if (running)
    return { title: `What differs from version ${running.number}, which runs`, ...running };
  return { title: 'What differs from the file', text: base.text };
}

/** The plan of a text, and what its tests and its deployment come to. A changed text begins anew. */
function useDeployment(
  { id, isRunning }: FlowText,
  { text, base }: Draft,
  deployed: (version: FlowVersion, sha: string) => void,
) {
  const [plan, setPlan] = useState<DeployPlan | null>(null);
  const [run, setRun] = useState<TestRun | null>(null);
  const [busy, setBusy] = useState<'test' | 'deploy' | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    setPlan(null);
    setRun(null);
    if (!isRunning) return;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const answer = await askFlow('plan', { id, text });
      if (!isCurrent) return;
      if (answer.ok) setPlan(answer.value);
      else setSaid(answer.error);
    };
    void ask();
    return () => {
      isCurrent = false;
    };
  }, [id, isRunning, text]);
  const test = async (): Promise<void> => {
    setBusy('test');
    const answer = await askFlow('test', { id, text });
    setBusy(null);
    if (answer.ok) setRun(answer.value);
    else setSaid(answer.error);
  };
  const deploy = async (): Promise<void> => {
    setBusy('deploy');
    setSaid('');
    const answer = await askFlow('deploy', { id, text, base: base.sha });
    setBusy(null);
    if (!answer.ok) setSaid(answer.error);
    else if (answer.value.ok) deployed(answer.value.version, answer.value.sha);
    else setSaid(answer.value.reason);
  };
  return { plan, run, busy, said, test, deploy };
}

function CheckPart({ draft }: { readonly draft: Draft }) {
  const errors = errorsOf(draft);
  const warnings = draft.check.lints.length - errors;
  return (
    <p>
      {errors === 0 ? '● no errors' : `✖ ${errors} errors`}, {warnings} warning
      {warnings === 1 ? '' : 's'}
    </p>
  );
}

function DeployPart({
  file,
  obstacle,
  isBusy,
  isDeploying,
  isFailing,
  said,
  deploy,
}: {
  readonly file: string;
  /** What stands in the way; null when nothing does. */
  readonly obstacle: string | null;
  readonly isBusy: boolean;
  readonly isDeploying: boolean;
  readonly isFailing: boolean;
  readonly said: string;
  readonly deploy: () => void;
}) {
  return (
    <>
      <p>
        Writes {file} and lets it take over between two records. The market goes on where it stands;
        nodes keep their state as said above. Nothing is ordered anywhere.
      </p>
      <p>
        <button
          type="button"
          className="primary"
          disabled={obstacle !== null || isBusy}
          onClick={deploy}
        >
          {isDeploying ? 'Deploying…' : isFailing ? 'Deploy though tests fail' : 'Deploy'}
        </button>{' '}
        {obstacle === null ? null : <span className="field-wrong">✖ {obstacle}</span>}
        <span role="status">{said === '' ? null : ` ✖ ${said}`}</span>
      </p>
    </>
  );
}

/** Checks, what differs, what running nodes would do, tests, and the button: the way of a draft into the run. A flow that does not run here goes it as far as its tests. */
export function DeployPanel({
  flow,
  draft,
  running,
  close,
  deployed,
}: {
  readonly flow: FlowText;
  readonly draft: Draft;
  readonly running: RunningText | null;
  readonly close: () => void;
  readonly deployed: (version: FlowVersion, sha: string) => void;
}) {
  const { plan, run, busy, said, test, deploy } = useDeployment(flow, draft, deployed);
  const compared = comparedWith(draft, running);
  const isFailing = run?.cases.some(({ failures }) => failures.length > 0) === true;
  const link = useLinkObstacle();
  return (
    <section className="panel deploy" aria-labelledby="deploy-title" data-testid="deploy">
      <div className="panel-head">
        <h2 id="deploy-title">{flow.isRunning ? 'Deploy into the run' : 'Check and test'}</h2>
        <button type="button" onClick={close}>
          Back to the editor
        </button>
      </div>
      <h3>1 Checks</h3>
      <CheckPart draft={draft} />
      <h3>2 {compared.title}</h3>
      <Suspense fallback={<p className="muted">Loading…</p>}>
        <TextDifference label={compared.title} before={compared.text} after={draft.text} />
      </Suspense>
      {flow.isRunning ? (
        <>
          <h3>3 What the running nodes do</h3>
          <PlanPart plan={plan} />
        </>
      ) : null}
      <h3>{flow.isRunning ? 4 : 3} Tests</h3>
      <TestPart run={run} isRunning={busy === 'test'} start={() => void test()} />
      {flow.isRunning ? (
        <>
          <h3>5 Deploy</h3>
          <DeployPart
            file={flow.file}
            obstacle={link ?? obstacleOf(draft, plan)}
            isBusy={busy !== null}
            isDeploying={busy === 'deploy'}
            isFailing={isFailing}
            said={said}
            deploy={() => void deploy()}
          />
        </>
      ) : (
        <p className="muted">
          Another flow runs in this process: this one is saved here and started with{' '}
          <code>npx orderflow start {flow.file}</code>.{said === '' ? '' : ` ✖ ${said}`}
        </p>
      )}
    </section>
  );
}
