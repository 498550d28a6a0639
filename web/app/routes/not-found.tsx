import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';

export const meta: MetaFunction = () => [{ title: 'Not found · OrderFlow' }];

/** Answers every address that no page has. */
export function loader({ request }: LoaderFunctionArgs): never {
  throw new Response(`There is no page '${new URL(request.url).pathname}' here.`, {
    status: 404,
    statusText: 'Not found',
  });
}

/** Never shown: the answer is an error, which the frame of all pages shows. */
export default function NotFound() {
  return null;
}
