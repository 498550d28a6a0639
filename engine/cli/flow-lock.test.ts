import { describe, expect, it } from 'vitest';
import type { FlowGraph } from '../flow/graph.ts';
import { lintLock } from '../flow/lint-lock.ts';
import { findInstrument } from '../market/instrument.ts';
import { largeLot } from '../testing/large-lot.ts';
import { fiveComponents } from './bench-cases.ts';
import { lockText } from './flow-lock.ts';
import { HostDouble } from './host-double.ts';

const base = fiveComponents(findInstrument('ES'));
const place = { file: 'flows/my.flow.yaml', line: 7, col: 3 };
const graph: FlowGraph = {
  ...base,
  nodes: base.nodes.slice(0, 1).map((node) => ({ ...node, plugin: largeLot, place })),
};
const found = [{ plugin: largeLot, file: '/project/plugins/large-lot/plugin.ts' }];

const host = new HostDouble([]);

describe('flows.lock', () => {
  it('names the plugins that flows use, with their version and folder', () => {
    expect(JSON.parse(lockText(host, found, () => true))).toEqual({
      plugins: { 'large-lot': { version: '1.0.0', from: 'plugins/large-lot' } },
    });
    expect(JSON.parse(lockText(host, found, () => false))).toEqual({ plugins: {} });
  });

  it('says nothing while the versions agree, or where the lock cannot be read', () => {
    expect(
      lintLock(
        graph,
        lockText(host, found, () => true),
      ),
    ).toEqual([]);
    expect(lintLock(graph, 'not a lock')).toEqual([]);
  });

  it('warns of a plugin of another version, at the node that uses it', () => {
    const lock = JSON.stringify({ plugins: { 'large-lot': { version: '0.9.0', from: 'x' } } });
    expect(lintLock(graph, lock)).toEqual([
      {
        ...place,
        code: 'WF062',
        level: 'warning',
        message: "plugin 'large-lot' is 1.0.0, flows.lock names 0.9.0",
      },
    ]);
  });
});
