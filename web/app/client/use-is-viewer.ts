import { useRouteLoaderData } from '@remix-run/react';
import type { WebContext } from '../load-context.ts';

/** Whether the person at this window looks only. The server refuses their commands in any case. */
export function useIsViewer(): boolean {
  const root = useRouteLoaderData('root') as { readonly role: WebContext['role'] } | undefined;
  return root?.role === 'viewer';
}
