import { PageRefusal } from '../../inspect/inspector.ts';

/** Waits for a page; one that is refused is shown with its status. */
export async function answered<T>(page: Promise<T>): Promise<T> {
  try {
    return await page;
  } catch (error) {
    if (!(error instanceof PageRefusal)) throw error;
    throw new Response(error.message, { status: error.status });
  }
}
