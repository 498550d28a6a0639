import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import type { ExitCode } from './host.ts';
import { HostDouble } from './host-double.ts';
import type { LiveEngine } from './live-engine.ts';
import { command } from './start.ts';
import { withWeb } from './web-run.ts';

async function run(words: readonly string[], env: Record<string, string> = {}) {
  const host = new HostDouble(words);
  Object.assign(host.env, env);
  const seen: { engine: LiveEngine | null } = { engine: null };
  const code = await withWeb(host, readArguments(command, words), 'a.flow.yaml', (_, engine) => {
    seen.engine = engine;
    return Promise.resolve<ExitCode>(0);
  });
  return { code, web: host.web, engine: seen.engine };
}

describe('the web app beside a run', () => {
  it('listens on the loopback at 4400', async () => {
    const { web, engine } = await run([]);
    expect(web).toMatchObject({ address: '127.0.0.1', port: 4400, isDev: false });
    expect(engine).toMatchObject({ flowFile: 'a.flow.yaml', home: 'data', status: 'ended' });
  });

  it('takes port, address and folder from the command line, the port also from the environment', async () => {
    expect((await run([], { ORDERFLOW_PORT: '4500' })).web?.port).toBe(4500);
    const words = ['--port', '0', '--host', '0.0.0.0', '--dev', '--home', 'runs/x'];
    const { web, engine } = await run(words, { ORDERFLOW_PORT: '4500' });
    expect(web).toMatchObject({ address: '0.0.0.0', port: 0, isDev: true });
    expect(engine?.home).toBe('runs/x');
  });

  it('is left out with --no-web', async () => {
    expect(await run(['--no-web'])).toEqual({ code: 0, web: null, engine: null });
  });

  it.each(['70000', '-1', 'http', '4400.5'])('refuses the port %s', async (port) => {
    await expect(run([`--port=${port}`])).rejects.toThrow('OF_CLI_VALUE');
  });

  it('keeps what stopped the run', async () => {
    const host = new HostDouble([]);
    const engines: (LiveEngine | null)[] = [];
    const failing = withWeb(host, readArguments(command, []), 'a.flow.yaml', (_, engine) => {
      engines.push(engine);
      return Promise.reject(new Error('broken'));
    });
    await expect(failing).rejects.toThrow('broken');
    expect(engines[0]).toMatchObject({ status: 'failed' });
  });
});
