import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { whyPage } from '../../inspect/why-page.ts';
import type { WhyView } from '../../live/why.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { type EditView, editView } from '../machines/edit-view.server.ts';
import { useReload } from '../machines/use-reload.ts';
import { WhatIf } from '../machines/what-if.tsx';
import { Answer, Counts, NearMisses } from '../machines/why-answer.tsx';
import { WhyForm } from '../machines/why-form.tsx';
import evidence from '../styles/evidence.css?url';
import machines from '../styles/machines.css?url';

export const links: LinksFunction = () =>
  [machines, evidence].map((href) => ({ rel: 'stylesheet', href }));
export const meta: MetaFunction = () => [{ title: 'Why · OrderFlow' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { live } = chosenOf(context.engine, request);
  const page = await whyPage(live, new URL(request.url).searchParams);
  const edit = page?.why?.whatIf?.edit;
  return { page, offer: edit ? await editView(context.engine, edit) : null };
}

function Told({
  why,
  zone,
  offer,
}: {
  readonly why: WhyView;
  readonly zone: string;
  readonly offer: EditView | null;
}) {
  const { node, answer, fromText, toText } = why;
  return (
    <>
      <p className="muted">
        {node === null ? 'all machines' : <Link to={`/machines/${node}`}>{node}</Link>}, {fromText}{' '}
        to {toText}, from the journal
      </p>
      {answer ? <Answer answer={answer} zone={zone} /> : null}
      {why.whatIf && node !== null ? (
        <WhatIf view={why.whatIf} node={node} zone={zone} offer={offer} />
      ) : null}
      {answer === null && node !== null ? <Counts why={why} /> : null}
      <NearMisses why={why} zone={zone} />
    </>
  );
}

/** Why something did not fire, over all machines or one. */
export default function Why() {
  const { page, offer } = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  useReload(page === null ? 'reading' : null);
  if (!page) return <Missing reason="the engine is starting; this page fills by itself" />;
  const { why, refusal, zone, node, choices } = page;
  // A moment stands in the form as the range it means.
  const isMoment = search.get('at') !== null && why !== null;
  const from = isMoment ? why.fromText : (search.get('from') ?? '');
  const to = isMoment ? why.toText : (search.get('to') ?? '');
  return (
    <>
      <h1>Why did it not fire?</h1>
      <div className="why-page panel">
        <WhyForm
          asked={{ node, transition: search.get('transition'), from, to }}
          machines={page.machines}
          choices={choices}
          action="/why"
        />
        {refusal === null ? null : (
          <p className="error-box" role="alert">
            {refusal}
          </p>
        )}
        {why ? <Told why={why} zone={zone} offer={offer} /> : null}
      </div>
    </>
  );
}
