import { afterEach, describe, expect, it } from 'vitest';
import { disk } from './disk.ts';
import { readLayout, writeLayout } from './flow-layout.ts';
import { FolderHost } from './folder-host.ts';

const hosts: FolderHost[] = [];
const file = 'flows/mine.flow.yaml';

function hostWith(files: Readonly<Record<string, string>>): FolderHost {
  const host = new FolderHost([], files);
  hosts.push(host);
  return host;
}

afterEach(() => {
  for (const host of hosts.splice(0)) host.remove();
});

describe('the layout of a flow', () => {
  it('lies beside the flow, and goes when nothing was moved', () => {
    const host = hostWith({ [file]: 'flow: mine\n' });
    expect(readLayout(host, file)).toEqual({});
    writeLayout(host, disk, file, { vwap: { x: 10.4, y: -3 }, cva: { x: 0, y: 5 } });
    expect(readLayout(host, file)).toEqual({ cva: { x: 0, y: 5 }, vwap: { x: 10, y: -3 } });
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml', 'mine.layout.json']);
    expect(host.readText('flows/mine.layout.json')).toMatch(/^\{\n {2}"nodes": \{\n {4}"cva"/);
    writeLayout(host, disk, file, {});
    expect(host.listFolder('flows')).toEqual(['mine.flow.yaml']);
  });

  it.each([
    ['is no JSON', '{ nodes'],
    ['holds something else', '{"nodes":{"vwap":{"x":"left"}}}'],
    ['holds places out of this world', '{"nodes":{"vwap":{"x":1e9,"y":0}}}'],
  ])('counts as none where the file %s', (_, text) => {
    const host = hostWith({ [file]: '', 'flows/mine.layout.json': text });
    expect(readLayout(host, file)).toEqual({});
  });
});
