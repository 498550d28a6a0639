import { useRevalidator } from '@remix-run/react';

/** Loads the page's data anew, for pages that do not follow the market by themselves. */
export function ReadAgain() {
  const again = useRevalidator();
  return (
    <button type="button" onClick={() => again.revalidate()} disabled={again.state === 'loading'}>
      Read again
    </button>
  );
}
