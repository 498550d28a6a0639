// The only door for plugin tests.

export type { ContractOptions, PluginCase } from './testing/describe-plugin.ts';
export { describePlugin } from './testing/describe-plugin.ts';
export { describeGolden } from './testing/golden.ts';
export { tapePlayer } from './testing/made-tape.ts';
export type { BarInput, DriveOptions, Emitted } from './testing/node-run.ts';
export { driveNode, NodeRun } from './testing/node-run.ts';
export { scenario } from './testing/scenario.ts';
export {
  feedBooks,
  type SharedBook,
  type SharedTrade,
  sharedBooks,
  sharedTrades,
} from './testing/shared-book.ts';
export { describeWithData, feedShared, readShared } from './testing/shared-data.ts';
