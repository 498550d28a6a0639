import { spawn } from 'node:child_process';
import { existsSync, globSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where the parts of a build lie. */
export interface BuiltApp {
  /** Folder of what browsers load. */
  readonly client: string;
  /** Module that answers requests. */
  readonly server: string;
}

/** What a build is made from. */
const sources = [
  'web/{app,gateway,inspect,layout,live,public}/**/*',
  'web/vite.config.ts',
  'engine/{contracts,market,inspect,flow,plugin,runtime}/**/*.ts',
  'package-lock.json',
];

function builtApp(root: string): BuiltApp {
  const folder = join(root, 'web', 'build');
  return { client: join(folder, 'client'), server: join(folder, 'server', 'index.js') };
}

/** Whether there is no build, or something it was made from is newer. */
function isStale(root: string): boolean {
  const { server } = builtApp(root);
  if (!existsSync(server)) return true;
  const built = statSync(server).mtimeMs;
  return globSync(sources, { cwd: root, exclude: (name) => name.endsWith('.test.ts') }).some(
    (file) => statSync(join(root, file)).mtimeMs > built,
  );
}

function runBuild(root: string, folder: string): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(
      join(root, 'node_modules', '.bin', 'remix'),
      ['vite:build', '--config', 'web/vite.config.ts', '--logLevel', 'error'],
      {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production', ORDERFLOW_WEB_BUILD: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const listen = (chunk: Buffer): void => {
      said = (said + String(chunk)).slice(-4_000);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : said.trim() || `exit code ${code}`));
  });
}

function putInPlace(root: string, folder: string): void {
  const place = join(root, 'web', 'build');
  rmSync(place, { recursive: true, force: true });
  try {
    renameSync(folder, place);
  } catch {
    // Another start was quicker by a hair: its build is as good.
  }
}

/**
 * Returns the production build, made now when it is absent or older than what it is made from. Made in a folder of its
 * own and put in place whole: several starts at once do not tread on each other.
 *
 * @param say - Told of a build, as it begins and as it ends.
 * @returns the build, or what went wrong.
 */
export async function buildApp(
  root: string,
  say: (text: string) => void,
): Promise<BuiltApp | { readonly problem: string }> {
  if (!isStale(root)) return builtApp(root);
  const begun = performance.now();
  say('Building the web app …\n');
  const own = join('web', `build-${process.pid}`);
  const folder = join(root, own);
  const problem = await runBuild(root, own);
  if (problem !== null) {
    rmSync(folder, { recursive: true, force: true });
    return { problem };
  }
  // Another start may have put the same there meanwhile; pages may be loading from it already.
  if (isStale(root)) putInPlace(root, folder);
  rmSync(folder, { recursive: true, force: true });
  say(`The web app was built in ${((performance.now() - begun) / 1_000).toFixed(1)} s.\n`);
  return builtApp(root);
}
