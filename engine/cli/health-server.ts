import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OrderflowError } from '../errors.ts';
import type { Log } from '../runtime/ports.ts';
import type { Arguments, Option } from './arguments.ts';
import { readinessOf } from './health.ts';
import type { Host } from './host.ts';
import type { RunMetrics } from './metrics.ts';
import { metricsContentType, metricsText } from './metrics-text.ts';

/** The option that opens the endpoint for operators. */
export const opsOption: Option = {
  name: 'ops',
  value: 'PORT',
  summary:
    'Serve /metrics, /health and /ready on 127.0.0.1 (default: ORDERFLOW_OPS_PORT, else not; 0 takes a free port)',
};

const loopback = '127.0.0.1';
/** Names under which a browser or a collector on this machine asks; any other is a page that was led here. */
const ownNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const largestPort = 65_535;

/** Returns the port that was asked for, null when none was. */
function opsPort(host: Host, args: Arguments): number | null {
  const set = host.env['ORDERFLOW_OPS_PORT'];
  const text = args.text('ops') ?? (set === undefined || set === '' ? null : set);
  if (text === null) return null;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= largestPort) return port;
  throw args.refuse('--ops', `a port from 0 to ${largestPort}`, text);
}

/** The endpoint for operators of one process. */
class OpsServer {
  private readonly metrics: RunMetrics;
  private readonly log: Log;
  private readonly server: Server;

  constructor(metrics: RunMetrics, log: Log) {
    this.metrics = metrics;
    this.log = log;
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        send(response, 503, { status: 'error', reasons: [reason] });
      });
    });
  }

  /** Listens; returns the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(new OrderflowError('OF_OPS_PORT', { port, cause: error.code ?? error.message })),
      );
      this.server.listen(port, loopback, () => {
        // A process that has nothing else to do ends, whoever might still ask.
        this.server.unref();
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!ownNames.test(request.headers.host ?? ''))
      return send(response, 403, { status: 'error', reasons: ['asked for another host'] });
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, 405, { status: 'error', reasons: ['only GET is answered'] });
    const { pathname } = new URL(request.url ?? '/', `http://${loopback}`);
    if (pathname === '/metrics') {
      const text = metricsText(await this.metrics.families(this.log));
      response.writeHead(200, { 'content-type': metricsContentType });
      response.end(text);
      return;
    }
    if (pathname === '/health') {
      const uptimeSeconds = Math.round(process.uptime());
      return send(response, 200, { status: 'alive', uptimeSeconds, flow: this.metrics.flow });
    }
    if (pathname === '/ready') {
      const readiness = await readinessOf(this.metrics, this.log);
      return send(response, readiness.ready ? 200 : 503, readiness);
    }
    send(response, 404, { status: 'error', reasons: ['try /metrics, /health or /ready'] });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

/**
 * Opens the endpoint for operators if one was asked for. Returns its address and how to close it; null when none was.
 *
 * @throws {OF_CLI_VALUE} when the port is none.
 * @throws {OF_OPS_PORT} when the port cannot be listened on.
 */
export async function openOps(
  host: Host,
  args: Arguments,
  metrics: RunMetrics,
  log: Log,
): Promise<{ readonly url: string; readonly close: () => Promise<void> } | null> {
  const port = opsPort(host, args);
  if (port === null) return null;
  const server = new OpsServer(metrics, log);
  const actual = await server.listen(port);
  return { url: `http://${loopback}:${actual}`, close: () => server.close() };
}
