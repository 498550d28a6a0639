import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeStore } from './store.conformance.ts';
import { inMemory } from './target.ts';

describeStore('PGlite in memory', {
  make: async () => inMemory,
  remove: async () => {},
});

describeStore('PGlite in a folder', {
  make: async () => ({
    kind: 'embedded',
    directory: join(mkdtempSync(join(tmpdir(), 'orderflow-store-')), 'store'),
  }),
  remove: async (target) => {
    if (target.kind === 'embedded')
      rmSync(dirname(target.directory), { recursive: true, force: true });
  },
});
