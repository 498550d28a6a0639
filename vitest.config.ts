import { delimiter, join, resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
/** Plugin folders outside this one: their tests run too, with this project's kit. */
const elsewhere = (process.env['ORDERFLOW_PLUGINS'] ?? '').split(delimiter).filter(Boolean);
const kit = new Map([
  ['orderflow', join(root, 'engine', 'index.ts')],
  ['orderflow/testing', join(root, 'engine', 'testing.ts')],
]);

export default defineConfig({
  plugins: [
    {
      name: 'kit-for-plugins-elsewhere',
      enforce: 'pre',
      resolveId(id, importer) {
        const isElsewhere = importer !== undefined && !importer.startsWith(root);
        const isPackage = id === 'xstate' || id === 'zod' || id === 'vitest';
        if (!isElsewhere || !isPackage) return kit.get(id);
        return this.resolve(id, join(root, 'orderflow.ts'));
      },
    },
  ],
  test: {
    include: [
      '*.test.ts',
      '{.ci,engine,plugins,kafka}/**/*.test.ts',
      'web/**/*.test.{ts,tsx}',
      ...elsewhere.map((folder) => `${resolve(folder)}/**/*.test.ts`),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // A page on a busy machine answers late; what never comes fails all the same.
    expect: { poll: { timeout: 20_000 } },
  },
});
