import { PassThrough } from 'node:stream';
import {
  type AppLoadContext,
  createReadableStreamFromReadable,
  type EntryContext,
} from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { renderToPipeableStream } from 'react-dom/server';
import { NonceContext } from './nonce.ts';

const abortAfterMs = 5_000;

/** Renders a page whole before it is sent: loaders are quick here, and a page that arrives in pieces jumps. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
  { cspNonce }: AppLoadContext,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    let shownStatus = status;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={cspNonce}>
        <RemixServer
          context={context}
          url={request.url}
          abortDelay={abortAfterMs}
          nonce={cspNonce}
        />
      </NonceContext.Provider>,
      {
        nonce: cspNonce,
        onAllReady() {
          const body = new PassThrough();
          headers.set('Content-Type', 'text/html; charset=utf-8');
          resolve(
            new Response(createReadableStreamFromReadable(body), { headers, status: shownStatus }),
          );
          pipe(body);
        },
        onShellError: reject,
        onError(error) {
          shownStatus = 500;
          console.error(error);
        },
      },
    );
    setTimeout(abort, abortAfterMs).unref();
  });
}

/** Errors of loaders and actions go to the error output, without what a request carried. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted) return;
  console.error(error);
}
