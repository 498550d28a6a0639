import type { Server } from 'node:http';
import { join } from 'node:path';
import type { ServerBuild } from '@remix-run/node';
import type { RequestHandler } from 'express';
import { createServer } from 'vite';

/** The app from its sources, with hot reload. Loaded by `--dev` only: vite is no dependency of a run. */
export async function developApp(
  root: string,
  server: Server,
): Promise<{ readonly assets: RequestHandler; readonly build: () => Promise<ServerBuild> }> {
  const vite = await createServer({
    root,
    configFile: join(root, 'web', 'vite.config.ts'),
    server: { middlewareMode: true, hmr: { server } },
  });
  return {
    assets: vite.middlewares,
    build: () => vite.ssrLoadModule('virtual:remix/server-build') as Promise<ServerBuild>,
  };
}
