import type { Host } from '#engine/cli/host.ts';
import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { EngineFeed } from '../gateway/engine-feed.ts';
import type { FrameMeter } from '../gateway/frame-meter.ts';
import type { Role } from '../http/session.ts';

/** What every loader and action is handed; `web/server.ts` makes one for each request. */
export interface WebContext {
  /** The running engine: flow, task, log, market control. Nothing of it may be imported as a singleton. */
  readonly engine: LiveEngine;
  /** Numbered events of the run, and the place to note what a command did. */
  readonly feed: EngineFeed;
  /** What the windows cost the process. */
  readonly meter: FrameMeter;
  /** Files, plugins and commands of the process. */
  readonly host: Host;
  /** Lets the page's own inline scripts run. */
  readonly cspNonce: string;
  readonly role: Role;
  /** Who asks, as the audit names it: role and address. */
  readonly actor: string;
  /** Goes back with every command, as the header `x-csrf-token`. */
  readonly csrf: string;
  /** One has logged in, and can log out. */
  readonly hasLogin: boolean;
}

declare module '@remix-run/node' {
  interface AppLoadContext extends WebContext {}
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext extends WebContext {}
}
