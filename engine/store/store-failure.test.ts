import { describe, expect, it } from 'vitest';
import { OrderflowError } from '../errors.ts';
import { isBadValue, isTaken, storeFailure } from './store-failure.ts';
import { nameOf, targetOf } from './target.ts';

const server = { kind: 'server', url: 'postgres://me:secret@db.example:5432/flows' } as const;

/** An error as drivers throw it: a message, a code, wrapped by the mapper. */
function reported(message: string, code?: string): Error {
  const inner = Object.assign(new Error(message), code === undefined ? {} : { code });
  return Object.assign(new Error(`select 1 - ${message}`, { cause: inner }), { code });
}

describe('what a database reports', () => {
  it.each([
    ['OF_STORE_UNREACHABLE', 'connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'],
    ['OF_STORE_UNREACHABLE', 'terminating connection due to administrator command', '57P01'],
    ['OF_STORE_UNREACHABLE', 'the database system is starting up', '57P03'],
    ['OF_STORE_UNREACHABLE', 'sorry, too many clients already', '53300'],
    ['OF_STORE_UNREACHABLE', 'Connection terminated unexpectedly', undefined],
    ['OF_STORE_REFUSED', 'password authentication failed for user "me"', '28P01'],
    ['OF_STORE_REFUSED', 'database "flows" does not exist', '3D000'],
    ['OF_STORE_REFUSED', 'permission denied for schema public', '42501'],
    ['OF_STORE_READ_ONLY', 'cannot execute INSERT in a read-only transaction', '25006'],
    ['OF_STORE_READ_ONLY', "EROFS: read-only file system, mkdir 'x'", 'EROFS'],
    ['OF_STORE_FULL', 'could not extend file: No space left on device', '53100'],
    ['OF_STORE_FULL', 'ENOSPC: no space left on device, write', 'ENOSPC'],
    ['OF_STORE_SLOW', 'canceling statement due to statement timeout', '57014'],
    ['OF_STORE_SLOW', 'timeout exceeded when trying to connect', undefined],
    ['OF_STORE_SLOW', 'Query read timeout', undefined],
    ['OF_STORE_CORRUPT', 'invalid page in block 0 of relation base/5/1259', 'XX001'],
    ['OF_STORE_CORRUPT', 'Aborted(). Build with -sASSERTIONS for more info.', undefined],
    ['OF_STORE_CORRUPT', 'PGlite failed to initialize properly', undefined],
    ['OF_STORE_IO', 'something else', undefined],
  ])('%s: %s', (code, message, was) => {
    const failure = storeFailure(reported(message, was), server);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(message);
    expect(failure.message).toContain("'postgresql://db.example:5432/flows'");
    expect(failure.message).not.toContain('secret');
  });

  it('takes the first of several addresses, and keeps an error that has a code', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:5432'), {
      code: 'ECONNREFUSED',
    });
    const failure = storeFailure(new AggregateError([refused], ''), server);
    expect(failure.message).toContain('connect ECONNREFUSED ::1:5432');
    const coded = new OrderflowError('OF_STORE_FULL', { store: 'x', cause: 'y' });
    expect(storeFailure(coded, server)).toBe(coded);
  });

  it('tells a value that no column takes, and a row that another wrote, from the rest', () => {
    expect(isBadValue(reported('integer out of range', '22003'))).toBe(true);
    expect(isBadValue(reported('gone', '57P01'))).toBe(false);
    expect(isTaken(reported('duplicate key', '23505'))).toBe(true);
    expect(isTaken(reported('deadlock detected', '40P01'))).toBe(true);
    expect(isTaken(reported('gone', '57P01'))).toBe(false);
  });
});

describe('where a store is', () => {
  it('a folder unless DATABASE_URL names a server', () => {
    expect(targetOf(undefined, 'data/store')).toEqual({
      kind: 'embedded',
      directory: 'data/store',
    });
    expect(targetOf('', 'data/store').kind).toBe('embedded');
    expect(targetOf(server.url, 'x')).toEqual(server);
    expect(nameOf({ kind: 'server', url: 'postgresql://db/flows' })).toBe('postgresql://db/flows');
  });

  it('refuses an address that is none without showing it', () => {
    const said = (url: string): string => {
      try {
        targetOf(url, 'x');
      } catch (error) {
        return String(error);
      }
      return '';
    };
    expect(said('mysql://me:secret@db/flows')).toMatch(/OF_STORE_URL .*'mysql:'/);
    expect(said('me:secret@db')).toContain('OF_STORE_URL');
    expect(said('secret')).toMatch(/OF_STORE_URL .* was no address;/);
    expect(said('mysql://me:secret@db/flows') + said('secret')).not.toContain('secret');
  });
});
