import { useLocation } from '@remix-run/react';

/** Whether an address shows a moment of the past; the rail above it goes on with now. */
export function showsPast(path: string, search: URLSearchParams): boolean {
  return path.startsWith('/machines') && (search.has('at') || search.has('time'));
}

/** Whether the page shows a moment of the past. */
export function useIsPast(): boolean {
  const { pathname, search } = useLocation();
  return showsPast(pathname, new URLSearchParams(search));
}
