import { type LoaderFunctionArgs, redirect } from '@remix-run/node';

/** The editor with its way into the run open: what is deployed is the draft of a window, which no server has. */
export function loader({ params }: LoaderFunctionArgs): Response {
  return redirect(`/flows/${encodeURIComponent(params['id'] ?? '')}?deploy=1`);
}
