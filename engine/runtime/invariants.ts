import { OrderflowError } from '../errors.ts';
import { Expression } from '../flow/expression.ts';
import { ExpressionEnvironment } from '../flow/expression-environment.ts';
import type { Instrument } from '../market/instrument.ts';
import type { AnyProcessor } from '../plugin/define-plugin.ts';

type Context = Readonly<Record<string, unknown>>;

/**
 * Returns a check of a plugin's invariants, run after each of its macrosteps; null when it states none.
 *
 * @throws {OF_INVARIANT_TEXT} when an invariant is not a condition over `ctx`.
 */
export function createInvariants(
  plugin: AnyProcessor,
  instrument: Instrument,
): ((context: Context) => void) | null {
  const stated = Object.entries(plugin.invariants ?? {});
  if (stated.length === 0) return null;
  const environment = new ExpressionEnvironment([{ name: 'ctx', schema: null }]);
  const checks = stated.map(([name, text]) => {
    const expression = environment.compile(text);
    if (expression instanceof Expression) return { name, expression };
    throw new OrderflowError('OF_INVARIANT_TEXT', {
      plugin: plugin.id,
      name,
      cause: expression.cause,
    });
  });
  return (context) => {
    const scope = { instrument, read: () => context };
    for (const { name, expression } of checks) {
      if (expression.evaluate(scope) === true) continue;
      throw new OrderflowError('OF_INVARIANT', {
        plugin: plugin.id,
        name,
        text: expression.source,
      });
    }
  };
}
