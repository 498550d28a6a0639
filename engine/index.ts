// The only door for plugins. Named re-exports, so that what a plugin may rely on can be read here.

export { bookState } from './contracts/book.ts';
export { compositeStack, mergedComposite, nakedPocs } from './contracts/composite-stack.ts';
export { cumulativeDelta } from './contracts/cumulative-delta.ts';
export { expectation, expectationName } from './contracts/expectation.ts';
export { barSegments, footprintBar } from './contracts/footprint-bar.ts';
export { hypothesis, scenario } from './contracts/hypothesis.ts';
export { keyLevel, keyLevelGroup, keyLevelKind } from './contracts/key-level.ts';
export {
  decodeMarketBatch,
  type MarketBatch,
  MarketBatchBuilder,
  maxBatchRows,
  rowKind,
  unknownNumber,
} from './contracts/market-batch.ts';
export { openingLocationName, openingType, openingTypeName } from './contracts/opening.ts';
export { outcome, outcomeFields, setupResult } from './contracts/outcome.ts';
export { overnightInventory } from './contracts/overnight-inventory.ts';
export { regime, regimeName } from './contracts/regime.ts';
export { sessionPhase } from './contracts/session.ts';
export { evidence, signalFields } from './contracts/signal.ts';
export { tapeState } from './contracts/tape.ts';
export {
  contracts,
  count,
  finePrice,
  micros,
  price,
  share,
  ticks,
  tradeDate,
} from './contracts/units.ts';
export { compositeArea, level } from './contracts/value-area.ts';
export { valueAreaFields } from './contracts/value-area-fields.ts';
export { valueRelation, valueRelationName } from './contracts/value-relation.ts';
export {
  completedProfile,
  developingProfile,
  period,
  priorProfile,
} from './contracts/volume-profile.ts';
export { vwapBands } from './contracts/vwap.ts';
export { assert, isOrderflowError, OrderflowError } from './errors.ts';
export { parseDuration } from './flow/parse-duration.ts';
export {
  type Acceptance,
  type AcceptanceOptions,
  type AcceptanceStatus,
  type Beyond,
  beginAcceptance,
  type ClosedPeriod,
  closeAcceptance,
  crossAcceptance,
  endAcceptance,
  isBeyond,
  type VolumeBeyond,
  waitingAcceptance,
} from './market/acceptance.ts';
export { meanOf, medianOf, withSession } from './market/baseline.ts';
export {
  type BucketBaseline,
  type BucketReading,
  baselineAt,
  bucketOf,
  bucketRooms,
  clearBuckets,
  closeBucketDay,
  robustZ,
  sampleBucket,
} from './market/bucket-baseline.ts';
export { shareBelow } from './market/bucket-share.ts';
export { contractKey, isOtherContract } from './market/contract-key.ts';
export { type DayType, dayType, dayTypeLimits } from './market/day-type.ts';
export {
  addDelta,
  type DeltaSums,
  deltaOf,
  deltaShare,
  emptyDeltaSums,
  unknownShare,
} from './market/delta.ts';
export {
  diagonalImbalances,
  Footprint,
  type FootprintRows,
  type ImbalanceOptions,
  type ImbalanceStack,
  type Imbalances,
  rowDelta,
  stackedImbalances,
  unfinishedAuction,
  type ZeroRule,
  zeroPrints,
} from './market/footprint.ts';
export { type InitialBalance, initialBalance, rangeExtension } from './market/initial-balance.ts';
export { findInstrument, type Instrument } from './market/instrument.ts';
export { isNaked, type LaterRange, type TouchScope } from './market/naked-poc.ts';
export { nearestLevel, type PriceZone, ticksOutside } from './market/nearest-level.ts';
export {
  type OpeningLocation,
  openingLocation,
  type PriorReferences,
} from './market/opening-location.ts';
export {
  type Area,
  coverage,
  type Overlap,
  overlap,
  type ValueRelation,
  valueRelation as relateValue,
} from './market/overlap.ts';
export { packNumbers, unpackNumbers } from './market/packed-numbers.ts';
export { packVolumes, unpackVolumes } from './market/packed-volumes.ts';
export { formatPrice, toTicks } from './market/price.ts';
export {
  type ProfileShape,
  profileShape,
  type ShapeFeatures,
  type ShapeLimits,
  shapeLimits,
} from './market/profile-shape.ts';
export {
  poorByVolume,
  profileExtremes,
  singlePrints,
  tails,
  type VolumeNode,
  volumeNodes,
} from './market/profile-structure.ts';
export { contractCode, frontContract, type RollMode } from './market/roll.ts';
export { type Framing, oneTimeFraming, rotationFactor } from './market/rotation.ts';
export {
  nextSession,
  type Phase,
  previousSession,
  type SessionDay,
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
export { isSwing } from './market/swing.ts';
export {
  addDays,
  clockMicros,
  formatTradeDate,
  formatUtc,
  microsPerMinute,
  microsPerSecond,
  parseTradeDate,
  parseUtc,
  type TradeDate,
  weekdayOf,
  zonedToUtc,
} from './market/time.ts';
export {
  buildTpoProfile,
  lettersAt,
  type PeriodRange,
  periodLetter,
  tpoCount,
  tpoLetters,
  tpoValueArea,
} from './market/tpo.ts';
export {
  type ValueArea,
  type ValueAreaOptions,
  type ValueAreaRule,
  valueArea,
} from './market/value-area.ts';
export {
  mergeProfiles,
  type Profile,
  pointOfControl,
  scanRows,
  shiftProfile,
  spreadBar,
  subtractProfile,
  totalVolume,
} from './market/volume-profile.ts';
export {
  addBar,
  addTrade,
  bands,
  emptyVwapSums,
  type Vwap,
  type VwapState,
  type VwapSums,
  vwapOf,
  vwapSince,
  vwapSlope,
} from './market/vwap.ts';
export { wilson } from './market/wilson.ts';
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
  StagedEpisode,
} from './plugin/define-plugin.ts';
export { definePlugin } from './plugin/define-plugin.ts';
export { compare, holds } from './plugin/evidence.ts';
export type {
  MarketPort,
  Out,
  Payload,
  Port,
  Ports,
  RecordPort,
  RecordPorts,
} from './plugin/port.ts';
export type { Probe, Sensor, SensorClock, Slots, Told } from './plugin/sensor.ts';
export { tradeFlags } from './plugin/sensor.ts';
