import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { FolderHost } from './folder-host.ts';
import { writeText } from './write-text.ts';

const host = new FolderHost([], { 'there.txt': 'old' });
afterEach(() => host.write('there.txt', 'old'));
afterAll(() => host.remove());

describe('writeText', () => {
  it('makes the folders above and writes over what is there', () => {
    writeText(host, 'a/b/new.txt', 'text');
    writeText(host, 'there.txt', 'new');
    expect(host.readText('a/b/new.txt')).toBe('text');
    expect(host.readText('there.txt')).toBe('new');
  });

  it('leaves a file as it is where a new one is asked for', () => {
    expect(() => writeText(host, 'there.txt', 'new', true)).toThrow('OF_CLI_WRITE');
    expect(host.readText('there.txt')).toBe('old');
  });

  it('says why a file cannot be written', () => {
    expect(() => writeText(host, 'there.txt/below.txt', 'x')).toThrow(
      "OF_CLI_WRITE file 'there.txt/below.txt' cannot be written: ",
    );
  });
});
