import type { MovedPlaces } from '#engine/cli/desk.ts';

/** Size of a node in the picture of a flow. */
export const nodeSize = { width: 168, height: 52 } as const;

/** Where each node stands, by id. */
export type Places = MovedPlaces;
