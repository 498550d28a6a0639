import type { ReactNode } from 'react';

// What stands in for `@remix-run/react` in tests of components: links need a router, which a component alone does not
// have, and a plain anchor says as much.

interface LinkProps {
  readonly to: string;
  readonly children?: ReactNode;
}

/** A link that leads nowhere. */
export function Link({ to, children, ...more }: LinkProps) {
  return (
    <a href={to} {...more}>
      {children}
    </a>
  );
}

/** A form that sends nothing. */
export function Form({ children }: { readonly children?: ReactNode }) {
  return <form>{children}</form>;
}

export const useMatches = (): readonly unknown[] => [];
export const useLocation = () => ({ key: '', pathname: '/', search: '' });
export const useRouteLoaderData = (): undefined => undefined;
export const useSearchParams = () => [new URLSearchParams()];
export const useNavigation = () => ({ state: 'idle' });
export const useNavigate = () => () => {};
