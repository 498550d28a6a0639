import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { buildApp } from '../http/build-app.ts';

const root = resolve(import.meta.dirname, '../..');
const chromiumPath = '/usr/bin/chromium';

/** Whether pages can be tried on this machine; says so loudly when not, and is an error in CI. */
export function hasBrowser(): boolean {
  if (existsSync(chromiumPath)) return true;
  const said = `skipped: no browser at ${chromiumPath}`;
  if (process.env['CI'] === 'true') throw new Error(said);
  console.warn(said);
  return false;
}

/** Opens the browser. Its sandbox needs rights a container seldom gives. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** An engine with its web app, in a process of its own. */
export interface StartedApp {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it, at once or as Ctrl-C does, and waits for its end. */
  end(signal: 'SIGINT' | 'SIGKILL'): Promise<void>;
  /** Starts it again on the same port and log. */
  again(): Promise<StartedApp>;
  /** Removes its folder. */
  remove(): void;
}

const runningEnds = new WeakMap<ChildProcess, Promise<void>>();

function started(child: ChildProcess): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    let said = '';
    const listen = (chunk: Buffer): void => {
      said += String(chunk);
      const url = /The web app is at (\S+)/.exec(said)?.[1];
      if (url !== undefined) resolveUrl(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => reject(new Error(`the engine ended with ${code}: ${said}`)));
  });
}

/**
 * Starts `orderflow start` on a free port in a folder of its own.
 *
 * @param options - More words of the command line, such as `--speed 600`.
 */
export async function startApp(
  options: readonly string[] = [],
  at: {
    readonly home?: string;
    readonly port?: string;
    /** More of the environment. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<StartedApp> {
  // Made beforehand, so that no page waits for it beside a run that has begun.
  const built = await buildApp(root, () => {});
  if ('problem' in built) throw new Error(`the web app could not be built: ${built.problem}`);
  const home = at.home ?? mkdtempSync(join(tmpdir(), 'orderflow-web-'));
  const words = ['orderflow.ts', 'start', '--home', home, '--port', at.port ?? '0', ...options];
  const child = spawn(process.execPath, words, {
    cwd: root,
    // As a person starts it: the runner of tests names another environment.
    env: { ...process.env, NODE_ENV: 'production', ...at.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  runningEnds.set(
    child,
    new Promise((ended) => {
      child.once('exit', () => ended());
    }),
  );
  const url = await started(child);
  return {
    url,
    child,
    end: async (signal) => {
      child.kill(signal);
      await runningEnds.get(child);
    },
    again: () => startApp(options, { ...at, home, port: new URL(url).port }),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** Opens a page and keeps what went wrong in it. */
export async function openPage(
  context: BrowserContext,
  url: string,
): Promise<{ readonly page: Page; readonly problems: string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, problems };
}
