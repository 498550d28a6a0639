import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const kitNames = ['orderflow', 'xstate', 'zod'] as const;

function isKitName(specifier: string): boolean {
  return kitNames.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/**
 * Makes `orderflow`, `orderflow/testing`, `xstate` and `zod` mean this project's own in plugins that live elsewhere:
 * a second copy of XState or Zod would not recognise what the first one made. Node asks these hooks for every import;
 * Deno 2.9 resolves those of a TypeScript module before it asks, so there such plugins need an import map.
 *
 * @param root - The project's folder, absolute.
 */
export function resolveKitFrom(root: string): void {
  const home = pathToFileURL(`${root}/`).href;
  registerHooks({
    resolve: (specifier, context, next) => {
      const isFromHere = context.parentURL === undefined || context.parentURL.startsWith(home);
      if (isFromHere || !isKitName(specifier)) return next(specifier, context);
      return next(specifier, { ...context, parentURL: `${home}orderflow.ts` });
    },
  });
}
