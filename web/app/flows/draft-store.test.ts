import { describe, expect, it } from 'vitest';
import { DraftStore } from './draft-store.ts';

function shelf(items: Record<string, string> = {}) {
  const map = new Map(Object.entries(items));
  return {
    map,
    get length() {
      return map.size;
    },
    key: (i: number) => [...map.keys()][i] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

const base = 'a'.repeat(64);
const draft = (text: string) => ({ text, base });

describe('drafts of one flow in several windows', () => {
  it('are each kept under a name of its own, and come back to their own window', () => {
    const shared = shelf();
    const [a, b] = [shelf(), shelf()];
    const first = new DraftStore('mine', shared, a);
    const second = new DraftStore('mine', shared, b);
    first.keep(draft('of the first'));
    second.keep(draft('of the second'));
    expect(new DraftStore('mine', shared, a).takeUp()?.text).toBe('of the first');
    expect(new DraftStore('mine', shared, b).takeUp()?.text).toBe('of the second');
    expect(first.others().map(({ text }) => text)).toEqual(['of the second']);
    first.keep(null);
    expect(second.others()).toEqual([]);
  });

  it('are taken up when their window is gone, and kept again when it is not', () => {
    const shared = shelf();
    const old = new DraftStore('mine', shared, shelf());
    old.keep(draft('half written'));
    const next = new DraftStore('mine', shared, shelf());
    expect(next.takeUp()?.text).toBe('half written');
    expect(next.others()).toEqual([]);
    expect(shared.length).toBe(1);
    old.keep(draft('half written, and more'));
    expect(next.others().map(({ text }) => text)).toEqual(['half written, and more']);
  });

  it('are found as they were kept before windows had names', () => {
    const shared = shelf({ 'orderflow.draft.mine': JSON.stringify(draft('of old')) });
    expect(new DraftStore('mine', shared, shelf()).takeUp()?.text).toBe('of old');
  });

  it('are not those of a flow with a longer name, nor what cannot be read', () => {
    const shared = shelf({
      'orderflow.draft.mine.two/x': JSON.stringify(draft('another flow')),
      'orderflow.draft.mine/y': '{ no JSON',
      'orderflow.draft.mine/z': JSON.stringify({ text: 'of a stranger' }),
    });
    expect(new DraftStore('mine', shared, shelf()).takeUp()).toBeNull();
  });

  it('part when the browser copied a window with its name', () => {
    const shared = shelf();
    const a = shelf();
    const first = new DraftStore('mine', shared, a);
    first.keep(draft('both began with this'));
    const copy = new DraftStore('mine', shared, shelf(Object.fromEntries(a.map)));
    copy.keep(draft('of the copy'));
    const [[key, value]] = [...shared.map] as [[string, string]];
    first.changed(key, value);
    first.keep(draft('of the first'));
    expect(first.others().map(({ text }) => text)).toEqual(['of the copy']);
    expect(copy.others().map(({ text }) => text)).toEqual(['of the first']);
  });
});
