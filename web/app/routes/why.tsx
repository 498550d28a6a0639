import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useSearchParams } from '@remix-run/react';
import { whyPage } from '../../inspect/why-page.ts';
import { Missing } from '../components/missing.tsx';
import { useReload } from '../machines/use-reload.ts';
import { Answer, Counts, NearMisses } from '../machines/why-answer.tsx';
import { WhyForm } from '../machines/why-form.tsx';
import machines from '../styles/machines.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: machines }];
export const meta: MetaFunction = () => [{ title: 'Why · OrderFlow' }];

export function loader({ request, context }: LoaderFunctionArgs) {
  return whyPage(context.engine, new URL(request.url).searchParams);
}

/** Why something did not fire, over all machines or one. */
export default function Why() {
  const page = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  useReload(page === null ? 'reading' : null);
  if (!page) return <Missing reason="the engine is starting; this page fills by itself" />;
  const { why, refusal, zone, machines, node, choices } = page;
  return (
    <>
      <h1>Why did it not fire?</h1>
      <div className="why-page panel">
        <WhyForm
          asked={{
            node,
            transition: search.get('transition'),
            from: search.get('at') === null ? (search.get('from') ?? '') : (why?.fromText ?? ''),
            to: search.get('at') === null ? (search.get('to') ?? '') : (why?.toText ?? ''),
          }}
          machines={machines}
          choices={choices}
          action="/why"
        />
        {refusal === null ? null : (
          <p className="error-box" role="alert">
            {refusal}
          </p>
        )}
        {why ? (
          <>
            <p className="muted">
              {why.node === null ? (
                'all machines'
              ) : (
                <Link to={`/machines/${why.node}`}>{why.node}</Link>
              )}
              , {why.fromText} to {why.toText}, from the journal
            </p>
            {why.answer ? <Answer answer={why.answer} zone={zone} /> : null}
            {why.answer === null && why.node !== null ? <Counts why={why} /> : null}
            <NearMisses why={why} zone={zone} />
          </>
        ) : null}
      </div>
    </>
  );
}
