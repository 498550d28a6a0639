// The only door for plugins. Named re-exports, so that what a plugin may rely on can be read here.
export { OrderflowError, isOrderflowError, assert } from './errors.ts';
export { definePlugin } from './plugin/define-plugin.ts';
export type {
  AnyProcessor,
  AnySource,
  MachineArguments,
  NodeEnvironment,
  NodeSnapshot,
  Plugin,
  PluginExample,
  Processor,
  Sink,
  Source,
  SourceArguments,
} from './plugin/define-plugin.ts';
export type { MarketPort, Out, Payload, Port, Ports, RecordPort, RecordPorts } from './plugin/port.ts';
export { tradeFlags } from './plugin/sensor.ts';
export type { Probe, Sensor, SensorClock, Slots } from './plugin/sensor.ts';
export { compare, holds } from './plugin/evidence.ts';
export { contracts, count, finePrice, micros, price, share, ticks, tradeDate } from './contracts/units.ts';
export { sessionPhase } from './contracts/session.ts';
export {
  type MarketBatch,
  MarketBatchBuilder,
  decodeMarketBatch,
  maxBatchRows,
  rowKind,
  unknownNumber,
} from './contracts/market-batch.ts';
export { signalFields } from './contracts/signal.ts';
export { parseDuration } from './flow/parse-duration.ts';
export { compositeArea, level } from './contracts/value-area.ts';
export {
  completedProfile,
  developingProfile,
  period,
  priorProfile,
} from './contracts/volume-profile.ts';
export { vwapBands } from './contracts/vwap.ts';
export { meanOf, medianOf, withSession } from './market/baseline.ts';
export { type InitialBalance, initialBalance, rangeExtension } from './market/initial-balance.ts';
export { type Instrument, findInstrument } from './market/instrument.ts';
export { toTicks } from './market/price.ts';
export { type ProfileShape, type ShapeFeatures, profileShape } from './market/profile-shape.ts';
export {
  type VolumeNode,
  profileExtremes,
  singlePrints,
  tails,
  volumeNodes,
} from './market/profile-structure.ts';
export { type RollMode, frontContract } from './market/roll.ts';
export {
  type Phase,
  type SessionDay,
  nextSession,
  previousSession,
  sessionAt,
  sessionDay,
} from './market/session.ts';
export {
  beginSilence,
  certainSilence,
  endSilence,
  learnBarLength,
  longestSilenceSeen,
  pauseSilence,
  resumeSilence,
  silenceSlots,
  watchBar,
  watchTrade,
} from './market/silence.ts';
export {
  type TradeDate,
  addDays,
  clockMicros,
  formatTradeDate,
  microsPerMinute,
  microsPerSecond,
  parseTradeDate,
  parseUtc,
  zonedToUtc,
} from './market/time.ts';
export {
  type PeriodRange,
  buildTpoProfile,
  lettersAt,
  periodLetter,
  tpoCount,
  tpoValueArea,
} from './market/tpo.ts';
export {
  type ValueArea,
  type ValueAreaOptions,
  type ValueAreaRule,
  valueArea,
} from './market/value-area.ts';
export {
  type Profile,
  mergeProfiles,
  pointOfControl,
  shiftProfile,
  spreadBar,
  totalVolume,
} from './market/volume-profile.ts';
export {
  type Vwap,
  type VwapSums,
  addBar,
  addTrade,
  bands,
  emptyVwapSums,
  vwapOf,
} from './market/vwap.ts';
