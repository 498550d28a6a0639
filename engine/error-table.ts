import type { Retry } from './errors.ts';

interface Row {
  /** Message with `{fact}` placeholders: the thing in quotes, what is wrong, expected X, was Y, what to do. */
  readonly say: string;
  readonly retry: Retry;
  /** What it means, what you probably did, what to do. */
  readonly doc: string;
}

const row = <const S extends string>(say: S, retry: Retry, doc: string): Row & { say: S } => ({
  say,
  retry,
  doc,
});

/** Every operating error of the project: code, message, retry and explanation in one row. */
export const errorTable = {
  // ---- market (prices, time, instruments)
  OF_PRICE_OFF_GRID: row(
    "{place}: price of '{instrument}' expected a multiple of {tick}, was {price}; check the instrument or the file",
    'never',
    'A price does not lie on the tick grid of its instrument. The file is probably of another instrument, or back-adjusted by a ratio.',
  ),
  OF_PRICE_UNREADABLE: row(
    "{place}: price '{price}' is not a number: expected a finite decimal like 4530.25; correct the row",
    'never',
    'A price is not a decimal number. The column is probably another one, or the file uses a comma as decimal mark.',
  ),
  OF_TIME_UNREADABLE: row(
    "time '{text}' is not readable: expected {expected}; correct the value",
    'never',
    'A date, clock time or timestamp does not have the expected form, or is not a day of the calendar.',
  ),
  OF_LADDER_SPAN: row(
    'prices span ticks {low} to {high}: expected at most {limit} rows in a profile; look for a wrong price',
    'never',
    'One price lies so far from the others that it is surely wrong: a missing decimal point or a zero.',
  ),
  OF_PROFILE_EMPTY: row(
    'the features of a profile need volume: expected a profile with volume > 0, was empty; feed trades first',
    'never',
    'Shares and positions inside a profile were asked of one without volume.',
  ),
  OF_INSTRUMENT_UNKNOWN: row(
    "instrument '{instrument}' is not in the instrument table; nearest: '{nearest}'; add it under `instrumentTable:` of the flow or in instruments.yaml",
    'never',
    'The flow or command line names an instrument that no table defines.',
  ),
  OF_INSTRUMENT_INVALID: row(
    "instrument row '{instrument}': '{field}' expected {expected}, was {was}; correct the row",
    'never',
    'A row of `instrumentTable:` or instruments.yaml lacks a field, has one too many, or a value that contradicts another.',
  ),
  OF_CALENDAR_UNCOVERED: row(
    "calendar '{calendar}' has no entry for {date}: expected {from} to {until}; extend engine/market/calendar-data.ts",
    'never',
    'The holiday table ends before this date (or begins after it), so the hours of the day are not known.',
  ),
  OF_CONTRACT_UNKNOWN: row(
    "contract month {year}-{month} of '{root}' has no expiry rule: expected a root of ES, MES, NQ, MNQ, YM, RTY, CL, GC; name the contract in the flow",
    'never',
    'Expiry and roll are computed for the futures that ship; others need an explicit contract.',
  ),
  // ---- runtime (machines, tasks, snapshots)
  OF_MACHINE_GUARD_INLINE: row(
    "machine '{machine}' state '{state}': expected a guard given by name, was an inline function; name it in the guards of setup()",
    'never',
    'Guards must be named so that diagrams, snapshots and explanations can show them.',
  ),
  OF_MACHINE_GUARD_MISSING: row(
    "machine '{machine}' transition '{transition}': guard '{guard}' is not implemented; add it to the guards of setup()",
    'never',
    'A transition names a guard that the machine does not have. XState would notice at the first event only.',
  ),
  OF_MACHINE_START: row(
    "machine '{machine}' did not reach its initial state: {cause}",
    'never',
    'Entering the initial state threw: a context factory, entry action or guard of an always transition.',
  ),
  // ---- contracts and flow (canonical JSON, plugins, expressions)
  OF_JSON_VALUE: row(
    "value at '{path}' expected plain JSON (finite numbers, text, booleans, null, arrays, plain objects), was {was}; use null for what is absent",
    'never',
    'A record, context or configuration holds something JSON would drop or change in silence: undefined, NaN, a function or a class instance.',
  ),
  OF_PLUGIN_SPEC: row(
    "plugin '{plugin}': '{what}' expected {expected}, was '{was}'; correct the plugin's spec",
    'never',
    'A plugin breaks a rule every plugin obeys: its id, version, ports or field names.',
  ),
  OF_PLUGIN_DUPLICATE: row(
    "plugin '{plugin}' is installed twice: expected one plugin of an id; remove one folder or dependency",
    'never',
    'Two plugin folders or packages declare the same id, so a flow could not say which it means.',
  ),
  // ---- market batch
  OF_BATCH_RANGE: row(
    "market batch of '{instrument}' row {row}: '{field}' expected {expected}, was {was}; check the source and its tick size",
    'never',
    'A source handed over a number that its column cannot hold: a price that is not in whole ticks, a fraction of a contract, a size beyond 2,147,483,647, or a missing field (NaN). The batch is left as it was before the row.',
  ),
  OF_BATCH_FORMAT: row(
    "market batch: '{fact}' expected {expected}, was {was}; the record was not written by MarketBatchBuilder, replay its source into a fresh log",
    'never',
    'The bytes are not a market batch, or another program wrote rows that contradict the header.',
  ),
  OF_BATCH_VERSION: row(
    'market batch has a layout this build cannot read: expected version {expected}, was {was}; run the build that wrote it, or a newer one',
    'never',
    'The log was written by another release of the project.',
  ),
  OF_BATCH_LENGTH: row(
    'market batch is truncated or has bytes left over: expected {expected} bytes, was {was}; replay its source into a fresh log',
    'never',
    'The bytes of the record do not match the rows that its header announces.',
  ),
  OF_BATCH_CHECKSUM: row(
    'market batch changed after it was written: expected checksum {expected}, was {was}; check the disk, then replay its source into a fresh log',
    'never',
    'A bit of the record flipped on disk or on the way. Its rows are not used.',
  ),
  OF_SENSOR_SLOT: row(
    "plugin '{plugin}' names peak slot '{slot}', which is not in its slots; add it there",
    'never',
    'A peak must be one of the named numbers of the sensor, so that the engine can set it back.',
  ),
  OF_SNAPSHOT_VERSION: row(
    "snapshot of '{was}' does not fit: this build has '{plugin}' {build} and no migrate for it; add one or replay from the first record",
    'never',
    'A checkpoint was written by another version of a plugin or statechart. It is refused rather than guessed.',
  ),
  OF_SNAPSHOT_SHAPE: row(
    'snapshot array expected {expected} numbers, was {was}; raise the plugin version and add a migrate step',
    'never',
    'The length of a sensor array changed (often through a parameter) without a version change.',
  ),
  OF_SNAPSHOT_TABLE: row(
    "snapshot names table '{table}', expected '<node>.<port>'; the checkpoint is damaged, replay from the first record",
    'never',
    'A table of a checkpoint could not be named.',
  ),
  OF_SNAPSHOT_DIVERGED: row(
    "recovery of '{task}' reached journal hash {was} at macrostep {seq}, expected {expected}; the state is not trusted, run `orderflow verify`",
    'never',
    'Re-running the records since the last checkpoint did not arrive at the committed hash: the code, a plugin or the log changed under the task. It stops rather than guess.',
  ),
  OF_EMIT_PORT: row(
    "node '{node}' emitted on '{port}', which its plugin does not have; expected one of: {ports}",
    'never',
    'A machine emitted an event whose type is not one of its out-ports.',
  ),
  OF_EMIT_PAYLOAD: row(
    "node '{node}' port '{port}': payload does not fit its contract at '{path}': {cause}",
    'never',
    'A record does not match the schema of its port.',
  ),
  OF_EMIT_UNBOUNDED: row(
    "node '{node}' caused more than {limit} events from one input record; it is quarantined",
    'never',
    'Two nodes or a timer answer each other without end.',
  ),
  OF_NODE_UNKNOWN: row(
    "flow '{flow}' has no node '{node}'; run `orderflow list --flow` to see its nodes",
    'never',
    'A command or test names a node that the flow does not have.',
  ),
} as const;

/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable;
