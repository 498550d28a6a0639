import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { AlertBook, mostAlerts } from './alert-book.ts';
import { AlertFile } from './alert-file.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function fileIn(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-alerts-'));
  folders.push(folder);
  return join(folder, 'below', 'alerts.json');
}

const alarm = { kind: 'dead-letter', level: 'alarm' } as const;
const note = { kind: 'refused', level: 'note' } as const;

describe('the alerts of a process', () => {
  it('counts open alarms, names the newest, and knows who saw which', () => {
    const book = new AlertBook(() => 5_000);
    book.add({
      ...alarm,
      symbol: 'ES',
      node: 'eighty',
      seq: 7,
      text: 'OF_EMIT_PORT: no such port',
    });
    book.add({ ...note, text: 'market.jump: that moment is past' });
    book.add({ ...alarm, symbol: 'NQ', node: 'vwap', text: 'threw' });
    expect(book.value).toMatchObject({ open: 2, newest: { id: 3, symbol: 'NQ', node: 'vwap' } });
    expect(book.acknowledge(({ id }) => id <= 1, 'operator')).toBe(1);
    expect(book.acknowledge(({ id }) => id <= 1, 'operator')).toBe(0);
    expect(book.value.open).toBe(1);
    expect(book.list.alerts.map(({ id, code, acknowledged }) => [id, code, acknowledged])).toEqual([
      [3, null, null],
      [2, null, null],
      [1, 'OF_EMIT_PORT', { by: 'operator', at: 5_000 }],
    ]);
  });

  it('counts what happens again until somebody saw it', () => {
    const book = new AlertBook(() => 1);
    const letter = { ...alarm, symbol: 'ES', node: 'n', text: 'bad record' };
    for (const ts of [10, 20, 30]) book.add({ ...letter, ts });
    expect(book.list.alerts).toMatchObject([{ times: 3, ts: 30 }]);
    book.acknowledge(() => true, 'operator');
    book.add({ ...letter, ts: 40 });
    expect(book.list.alerts.map(({ times }) => times)).toEqual([1, 3]);
    expect(book.value.open).toBe(1);
  });

  it('is bounded, and drops what needs nobody before an open alarm', () => {
    const book = new AlertBook(() => 1);
    book.add({ ...alarm, text: 'first' });
    for (let i = 0; i < mostAlerts + 20; i += 1) book.add({ ...note, text: `note ${i}` });
    const { alerts, dropped } = book.list;
    expect([alerts.length, dropped]).toEqual([mostAlerts, 21]);
    expect(alerts.at(-1)?.text).toBe('first');
  });
});

describe('alerts over a restart', () => {
  it('are there again with who saw them, and say that the engine was started', () => {
    const path = fileIn();
    const first = new AlertBook(() => 1, new AlertFile(path));
    first.add({ ...alarm, text: 'seen' });
    first.acknowledge(() => true, 'operator');
    first.add({ ...alarm, text: 'not seen' });
    first.close();
    const next = new AlertBook(() => 2, new AlertFile(path));
    expect(next.value).toMatchObject({ open: 1, newest: { id: 2, text: 'not seen' } });
    expect(next.list.alerts.map(({ text, level }) => `${level} ${text}`)).toEqual([
      'note the engine was started again',
      'alarm not seen',
      'alarm seen',
    ]);
    next.close();
  });

  it('tell of a run that did not end in order', async () => {
    const path = fileIn();
    const first = new AlertBook(() => 1, new AlertFile(path));
    first.add({ ...alarm, text: 'before the crash' });
    const written = (): unknown => new AlertFile(path).read();
    await expect.poll(written, { timeout: 4_000 }).toMatchObject({ alerts: [{}] });
    const next = new AlertBook(() => 2, new AlertFile(path));
    expect(next.value.newest?.text).toContain('did not end in order');
    next.close();
  });

  it('begin anew where the file is none of theirs, which is kept and told of', () => {
    const path = fileIn();
    new AlertBook(() => 1, new AlertFile(path)).close();
    writeFileSync(path, '{"alerts": 7}');
    const book = new AlertBook(() => 2, new AlertFile(path));
    expect(book.list).toMatchObject({ alerts: [{ level: 'alarm' }], dropped: 0, since: 2 });
    expect(book.value.newest?.text).toContain(`${path}.unreadable`);
    expect(readFileSync(`${path}.unreadable`, 'utf8')).toBe('{"alerts": 7}');
    book.close();
  });
});
