import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FlowText } from '#engine/cli/desk.ts';
import { beginDraft } from './use-draft.ts';

const flow: FlowText = {
  id: 'mine',
  file: 'flows/mine.flow.yaml',
  text: 'what somebody else wrote meanwhile',
  sha: 'b'.repeat(64),
  isRunning: false,
};

function shelf(items: Readonly<Record<string, string>>) {
  const map = new Map(Object.entries(items));
  return {
    get length() {
      return map.size;
    },
    key: (i: number) => [...map.keys()][i] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

function keep(draft: unknown): void {
  const text = typeof draft === 'string' ? draft : JSON.stringify(draft);
  vi.stubGlobal('sessionStorage', shelf({ 'orderflow.window': 'w' }));
  vi.stubGlobal('localStorage', shelf({ 'orderflow.draft.mine/w': text }));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a draft that was kept', () => {
  it('still stands on the file it began with, so that a change since then is a conflict', () => {
    const base = 'a'.repeat(64);
    keep({ text: 'half written', base });
    expect(beginDraft(flow)).toEqual({
      text: 'half written',
      base: { text: flow.text, sha: base },
    });
  });

  it('is none when it says what the file says, or cannot be read', () => {
    const asTheFile = { text: flow.text, base: { text: flow.text, sha: flow.sha } };
    keep({ text: flow.text, base: 'a'.repeat(64) });
    expect(beginDraft(flow)).toEqual(asTheFile);
    keep('{ no JSON');
    expect(beginDraft(flow)).toEqual(asTheFile);
    keep({ text: 'of a stranger' });
    expect(beginDraft(flow)).toEqual(asTheFile);
  });
});
