import { describe, expect, it } from 'vitest';
import { commandTable } from './command-table.ts';
import { HostDouble } from './host-double.ts';
import { runCommandLine } from './main.ts';

async function run(...args: string[]): Promise<{ code: number; host: HostDouble }> {
  const host = new HostDouble(args);
  return { code: await runCommandLine(host), host };
}

describe('the command line', () => {
  it('shows all commands without a word, with --help and with help', async () => {
    for (const args of [[], ['--help'], ['-h'], ['help']]) {
      const { code, host } = await run(...args);
      expect(code).toBe(0);
      for (const [name, load] of Object.entries(commandTable)) {
        const isShown = new RegExp(`^  ${name} `, 'm').test(host.written);
        expect(isShown, name).toBe((await load()).command.isHidden !== true);
      }
    }
  });

  it('shows words, options and examples of each command', async () => {
    for (const name of Object.keys(commandTable)) {
      const { code, host } = await run(name, '--help');
      expect(code, name).toBe(0);
      expect(host.written, name).toContain(`orderflow ${name}`);
      expect(host.written, name).toContain('Examples');
    }
    expect((await run('help', 'replay')).host.written).toBe(
      (await run('replay', '--help')).host.written,
    );
  });

  it('shows its version', async () => {
    expect((await run('--version')).host.written).toBe('0.0.0\n');
  });

  it('names the nearest command when one is mistyped, with exit code 2', async () => {
    const { code, host } = await run('reply');
    expect(code).toBe(2);
    expect(host.errors).toBe(
      "OF_CLI_COMMAND command 'reply' is not known; nearest: 'replay'; run `orderflow --help` to see all commands\n",
    );
    expect((await run('toString')).code).toBe(2);
  });

  it('answers wrong usage with exit code 2 and nothing on standard output', async () => {
    for (const args of [
      ['replay'],
      ['replay', 'x.flow.yaml'],
      ['lint', '--nothing'],
      ['start', 'nowhere.flow.yaml'],
    ]) {
      const { code, host } = await run(...args);
      expect(code, args.join(' ')).toBe(2);
      expect(host.errors).toMatch(/^OF_CLI_/);
      expect(host.written).toBe('');
    }
  });

  it('lists the mistakes of a flow and answers with exit code 1', async () => {
    const host = new HostDouble(['start', 'bad.flow.yaml']);
    host.files.set('bad.flow.yaml', 'flow: bad\n');
    expect(await runCommandLine(host)).toBe(1);
    expect(host.errors).toMatch(/^bad.flow.yaml:\d+:\d+ error WF\d{3} /);
    expect(host.errors).toMatch(
      /OF_CLI_FLOW flow 'bad.flow.yaml' was not started, mistakes found: \d+/,
    );
  });

  it('shows a stack only when it is asked for', async () => {
    const broken = (): HostDouble => {
      const host = new HostDouble(['list']);
      host.loadPlugins = async () => {
        throw new TypeError('x is not a function');
      };
      return host;
    };
    const quiet = broken();
    expect(await runCommandLine(quiet)).toBe(3);
    expect(quiet.errors).toContain('Unexpected: x is not a function');
    expect(quiet.errors).not.toContain('main.test.ts');
    const loud = broken();
    loud.env['ORDERFLOW_DEBUG'] = '1';
    await runCommandLine(loud);
    expect(loud.errors).toContain('main.test.ts');
  });
});
