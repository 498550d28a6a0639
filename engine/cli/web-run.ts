import type { Arguments, Option } from './arguments.ts';
import { homeOf } from './home.ts';
import type { ExitCode, Host } from './host.ts';
import { LiveEngine } from './live-engine.ts';

const defaultPort = 4400;
const highestPort = 65_535;
const loopback = '127.0.0.1';

/** Options of a command whose run is shown by the web app. */
export const webOptions: readonly Option[] = [
  {
    name: 'port',
    value: 'N',
    summary: `Port of the web app (default: ORDERFLOW_PORT, else ${defaultPort}; 0 takes any free one)`,
  },
  {
    name: 'host',
    value: 'ADDRESS',
    summary: `Address the web app listens on (default ${loopback}); any other needs ORDERFLOW_PASSWORD`,
  },
  { name: 'no-web', summary: 'Leave the web app out' },
  { name: 'dev', summary: 'Serve the web app from its sources, with hot reload' },
];

function portOf(host: Host, args: Arguments): number {
  const named = host.env['ORDERFLOW_PORT'];
  const text = args.text('port') ?? (named === undefined || named === '' ? null : named);
  if (text === null) return defaultPort;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= highestPort) return port;
  throw args.refuse('--port', `a port from 0 to ${highestPort}`, text);
}

/**
 * Runs something with the web app beside it, which is there before the run begins and closes after it; `run` is handed
 * the host to run on and the engine to report to, null without web app.
 *
 * @throws {OF_WEB_PORT} when the port is taken.
 * @throws {OF_WEB_PASSWORD} when the address can be reached from elsewhere and no password is set.
 */
export async function withWeb(
  host: Host,
  args: Arguments,
  flowFile: string,
  run: (host: Host, engine: LiveEngine | null) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (args.has('no-web')) return run(host, null);
  const engine = new LiveEngine({
    wallClock: () => host.wallClock(),
    flowFile,
    home: homeOf(host, args),
  });
  const web = await host.openWeb({
    engine,
    address: args.text('host') ?? loopback,
    port: portOf(host, args),
    isDev: args.has('dev'),
  });
  engine.url = web.url;
  const turn = async (): Promise<void> => {
    await host.turn();
    await web.breathe();
  };
  try {
    // A derived object: the host's getters must stay getters.
    const code = await run(Object.assign(Object.create(host) as Host, { turn }), engine);
    engine.ended(null);
    return code;
  } catch (error) {
    engine.ended(error);
    throw error;
  } finally {
    await web.close();
  }
}
