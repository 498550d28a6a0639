import type { RunningStore } from '#engine/runtime/store-port.ts';
import type { QueryAnswer, QueryAsk, QueryName } from '#engine/store/queries.ts';

/** Asks the store one of its questions. */
export function askStore<Name extends QueryName>(
  store: RunningStore,
  name: Name,
  about: QueryAsk<Name>,
): Promise<QueryAnswer<Name>> {
  return store.ask(name, about) as Promise<QueryAnswer<Name>>;
}
