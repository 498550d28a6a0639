import type { ErrorCode } from '../errors.ts';
import type { LogAddress, StoreStatus, StoreTarget } from '../runtime/store-port.ts';

/** What the store's thread is given. */
export interface StoreTask {
  readonly target: StoreTarget;
  readonly log: LogAddress;
  readonly partitions: readonly number[];
}

/** What the store's thread is asked. */
export type StoreCall =
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly question: string;
      readonly ask: unknown;
    }
  | { readonly kind: 'end'; readonly mostMs: number };

/** What the store's thread says. */
export type StoreAnswer =
  | { readonly kind: 'status'; readonly status: StoreStatus }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: unknown }
  | {
      readonly kind: 'refused';
      readonly id: number;
      /** Null for a mistake of the program. */
      readonly code: ErrorCode | null;
      readonly facts: Readonly<Record<string, string | number>>;
      readonly message: string;
    };
