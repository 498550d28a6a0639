import { useRouteLoaderData } from '@remix-run/react';
import type { Role } from '../../http/session.ts';

/** The way out, where one had to log in. */
export function LogOut() {
  const data = useRouteLoaderData('root') as
    | { readonly hasLogin: boolean; readonly role: Role }
    | undefined;
  if (!data?.hasLogin) return null;
  return (
    <li>
      <form method="post" action="/logout" className="log-out">
        <button type="submit">Log out {data.role}</button>
      </form>
    </li>
  );
}
