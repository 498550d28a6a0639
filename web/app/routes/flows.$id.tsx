import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import flowStyles from '@xyflow/react/dist/base.css?url';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { EditorFacts } from '../flows/completion.ts';
import { deskOf } from '../flows/desk.server.ts';
import { draftCheck } from '../flows/draft-check.server.ts';
import type { EditorView } from '../flows/editor-toolbar.tsx';
import type { DraftCheck } from '../flows/flow-api.ts';
import editor from '../styles/editor.css?url';
import pages from '../styles/pages.css?url';

const FlowEditor = lazy(() =>
  import('../flows/flow-editor.tsx').then((module) => ({ default: module.FlowEditor })),
);

export const links: LinksFunction = () =>
  [flowStyles, pages, editor].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.flow.id ?? 'Flow'} · Flows · OrderFlow` },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const desk = deskOf(context);
  const flow = desk.read(params['id'] ?? '');
  if (!flow)
    throw new Response(`There is no flow '${params['id'] ?? ''}' here.`, {
      status: 404,
      statusText: 'Not found',
    });
  const first = await draftCheck(desk, flow.id, flow.text);
  const [versions, moved] = [desk.versions(flow.id), desk.layout(flow.id)];
  return { flow, first, versions, moved, running: desk.running(flow.id), role: context.role };
}

/** The editor keeps its own draft: what it did is not loaded again under it. */
export const shouldRevalidate = ({
  currentParams,
  nextParams,
}: {
  readonly currentParams: Readonly<Record<string, string | undefined>>;
  readonly nextParams: Readonly<Record<string, string | undefined>>;
}): boolean => currentParams['id'] !== nextParams['id'];

function useFacts(): EditorFacts | string | null {
  const [facts, setFacts] = useState<EditorFacts | string | null>(null);
  useEffect(() => {
    const read = async (): Promise<void> => {
      try {
        const response = await fetch('/api/editor-facts');
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        setFacts((await response.json()) as EditorFacts);
      } catch (error) {
        setFacts(error instanceof Error ? error.message : 'the server did not answer');
      }
    };
    void read();
  }, []);
  return facts;
}

const viewNames = new Set<string>(['split', 'yaml', 'graph', 'form']);

/** The text alone: what is there before the editor is, and without scripts. */
function PlainText({ text, note }: { readonly text: string; readonly note: string }) {
  return (
    <>
      <p className="muted">{note}</p>
      <pre className="panel plain-text" tabIndex={0}>
        {text}
      </pre>
    </>
  );
}

export default function FlowPage() {
  const { flow, first, versions, moved, running, role } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const facts = useFacts();
  const asked = search.get('view') ?? 'split';
  const view = (viewNames.has(asked) ? asked : 'split') as EditorView;
  if (facts === null) return <PlainText text={flow.text} note="Opening the editor…" />;
  if (typeof facts === 'string')
    return <PlainText text={flow.text} note={`The editor could not be opened: ${facts}`} />;
  return (
    <Suspense fallback={<PlainText text={flow.text} note="Opening the editor…" />}>
      <FlowEditor
        key={flow.id}
        flow={flow}
        first={first as DraftCheck}
        facts={facts}
        versions={versions}
        running={running}
        moved={moved}
        isOperator={role === 'operator'}
        view={view}
        isDeploying={search.has('deploy')}
      />
    </Suspense>
  );
}
