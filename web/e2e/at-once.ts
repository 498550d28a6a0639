import type { Page, Response, Route } from 'playwright-core';

/**
 * Holds what several windows post to a path until each of them has, so that the server is asked by all at once; returns
 * the answers, in the order of the windows.
 *
 * @param isMeant - Whether a body is one of those that wait; others go through.
 */
export async function holdUntilAll(
  pages: readonly Page[],
  path: string,
  isMeant: (body: string) => boolean = () => true,
): Promise<() => Promise<readonly Response[]>> {
  const waiting: Route[] = [];
  const answers = pages.map((page) =>
    page.waitForResponse((response) => {
      const request = response.request();
      return response.url().endsWith(path) && isMeant(request.postData() ?? '');
    }),
  );
  for (const page of pages)
    await page.route(`**${path}`, async (route) => {
      if (!isMeant(route.request().postData() ?? '')) return route.continue();
      waiting.push(route);
      if (waiting.length === pages.length) for (const held of waiting) void held.continue();
    });
  return () => Promise.all(answers);
}
