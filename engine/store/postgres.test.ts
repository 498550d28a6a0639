import { describe } from 'vitest';
import { describeStore } from './store.conformance.ts';
import { dropDatabase, makeDatabase, testServer } from './test-database.ts';

describe.skipIf(testServer === null)('PostgreSQL', () => {
  describeStore('PostgreSQL', { make: makeDatabase, remove: dropDatabase });
});
