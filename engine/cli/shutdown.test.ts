// The program as a person or a supervisor stops it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StartedProgram } from './started-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderflow-stop-'));
const started: StartedProgram[] = [];
afterAll(async () => {
  await Promise.all(started.map((program) => program.stop('SIGKILL')));
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function flowOf(name: string, source: string): string {
  return write(
    `${name}.flow.yaml`,
    `flow: ${name}
version: 1.0.0
doc: VWAP.
instruments: [ES]
sources:
  market: { use: ${source} }
nodes:
  vwap: { use: vwap@^1, in: { market: market } }
`,
  );
}

function run(flow: string, ...more: string[]): StartedProgram {
  const home = join(folder, 'homes', flow.split('/').at(-1) ?? '');
  const env = { ORDERFLOW_PLUGINS: join(folder, 'plugins') };
  const program = new StartedProgram(['run', flow, '--home', home, '--no-store', ...more], env);
  started.push(program);
  return program;
}

/** Whether the metrics of a run that serves them count rows. */
async function seesRows(program: StartedProgram): Promise<boolean> {
  const url = /"url":"([^"]+)"/.exec(program.err)?.[1];
  if (url === undefined) return false;
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return /^orderflow_rows_total\{[^}]*\} [1-9]/m.test(metrics);
}

// A source that does not end when it is asked to.
write(
  'plugins/stubborn/plugin.ts',
  `import { definePlugin } from 'orderflow';
import { z } from 'zod';
const config: z.ZodObject = z.object({});
export const plugin = definePlugin({
  id: 'stubborn', kind: 'source', version: '1.0.0', api: 1, summary: 'Never ends', needs: [], config, in: {},
  out: { market: { kind: 'market', takes: ['trade'] } }, examples: [],
  open: () => new Promise(() => { setInterval(() => {}, 1_000); }),
});
`,
);

describe('a run that is asked to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s works off what it has, makes a checkpoint and ends with 0',
    async (signal) => {
      const flow = flowOf(signal.toLowerCase(), 'simulator@^1, with: { pace: 3000, depth: false }');
      const first = run(flow, '--log-format', 'json', '--ops', '0');
      await first.until('the market', () => seesRows(first));
      const ended = await first.stop(signal);
      expect(ended.code).toBe(0);
      const events = ended.err
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events.slice(0, 3)).toEqual(['ops-listening', 'run-started', 'task-opened']);
      expect(events.slice(-3)).toEqual(['stopping', 'progress', 'stopped']);
      expect(ended.out).toBe('');
      const second = run(flow);
      await second.until('the second start', () => second.out.includes('Resumed at'));
      expect((await second.stop(signal)).out).toContain('nothing to run again, journal verified');
    },
  );

  it('a second time ends at once, whatever does not want to', async () => {
    const program = run(flowOf('stubborn', 'stubborn'));
    await program.until('the run', () => program.out.includes('market from stubborn'));
    program.child.kill('SIGTERM');
    // Longer than what counts as one and the same signal, handed on twice.
    const pause = new Promise((resolve) => setTimeout(resolve, 700));
    expect(await Promise.race([program.ended, pause])).toBe(undefined);
    const before = performance.now();
    expect((await program.stop('SIGTERM')).code).toBe(130);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
