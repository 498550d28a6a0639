import { expect, test } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../plugin/define-plugin.ts';
import { HostDouble } from './host-double.ts';
import { runCommandLine } from './main.ts';

const named = (id: string) =>
  definePlugin({
    id,
    version: '1.0.0',
    api: 1,
    summary: 'x',
    config: z.object({}),
    in: {},
    out: {},
    examples: [],
  });

const marks = '<!-- states -->\n<!-- /states -->\n<!-- parameters -->\n<!-- /parameters -->\n';

function hostWith(...args: readonly string[]): HostDouble {
  const host = new HostDouble(['docs', ...args]);
  host.plugins = [
    { plugin: named('mine'), file: '/project/plugins/mine/plugin.ts' },
    { plugin: named('theirs'), file: '/elsewhere/theirs/plugin.ts' },
  ];
  host.files.set('plugins/README.md', '<!-- plugins -->\n<!-- /plugins -->\n');
  host.files.set('plugins/mine/README.md', marks);
  host.files.set('kafka/RECORDS.md', '<!-- instruments -->\n<!-- /instruments -->\n');
  return host;
}

test('docs --check names stale documents of the project, and none of plugins from elsewhere', async () => {
  const host = hostWith('--check');
  expect(await runCommandLine(host)).toBe(1);
  const stale = host.written.split('\n').map((line) => line.split(':')[0]);
  expect(stale).toEqual([
    'engine/ERRORS.md',
    'engine/OPERATORS.md',
    'flows/TOPICS.md',
    'flows/flow.schema.json',
    'kafka/RECORDS.md',
    'kafka/contracts.schema.json',
    'plugins/README.md',
    'plugins/mine/README.md',
    '',
  ]);
});

test('docs is left out of the help of the program', async () => {
  const host = new HostDouble(['--help']);
  expect(await runCommandLine(host)).toBe(0);
  expect(host.written).not.toMatch(/^ {2}docs/m);
});
