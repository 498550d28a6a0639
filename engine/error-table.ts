/** Says whether trying the same thing again may help: at once, after a pause, or not at all. */
export type Retry = 'never' | 'now' | 'backoff';

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
  // ---- set-up (bootstrap.mjs, which runs before this file can be read, holds the same texts)
  OF_SETUP_FAILED: row(
    "'npm ci' in the project's folder expected exit code 0, was {code}: {reason}; check the network and free disk space, then start again",
    'backoff',
    'The packages of package-lock.json could not be installed. Most often the network or a proxy is in the way, or package.json was edited without `npm install`.',
  ),
  OF_SETUP_NODE: row(
    "'node_modules/.bin/node' expected version >= 24, was {was}; npm's install scripts are probably switched off: run 'npm rebuild node --ignore-scripts=false'",
    'never',
    'The project brings its own Node 24 as a package, whose install script fetches it. Without install scripts it is absent.',
  ),
  // ---- generated documents (npm run docs)
  OF_DOCS_MARKER: row(
    "'{file}' expected the lines '<!-- {name} -->' and '<!-- /{name} -->', was {was}; add them where the generated text belongs",
    'never',
    'A README has lost the two comment lines between which `npm run docs` writes. Put them back under the heading they belong to.',
  ),
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
  OF_FLOW_VALUE: row(
    "'{name}' of '{node}' expected {expected}, was {was}; correct the right side in the flow",
    'never',
    'A statechart of a flow set a context field or emitted a payload that its type or contract does not allow.',
  ),
  OF_PLUGIN_SPEC: row(
    "plugin '{plugin}': '{what}' expected {expected}, was '{was}'; correct the plugin's spec",
    'never',
    'A plugin breaks a rule every plugin obeys: its id, version, ports or field names.',
  ),
  OF_EXPRESSION: row(
    "'{text}': {cause}; ask has(…) first, or wire what it needs",
    'never',
    'An expression of a flow read a value that is not there yet, or of another type. An error is never false: the node is quarantined like a plugin that throws.',
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
  OF_SNAPSHOT_DAMAGED: row(
    "state '{key}' of the log expected the JSON that a commit writes, was other text; restore a backup, or set the log aside with --fresh and replay the sources",
    'never',
    'Something else than the engine wrote into the state of a log. It is not trusted, not even in part.',
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
  OF_INPUT_RECORD: row(
    "record {offset} of topic '{topic}': expected {expected}, was {was}; it is skipped",
    'never',
    'A record from outside the flow cannot be taken; it is left out and kept as a dead letter.',
  ),
  OF_EMIT_UNBOUNDED: row(
    "node '{node}' caused more than {limit} events from one input record; it is quarantined",
    'never',
    'Two nodes or a timer answer each other without end.',
  ),
  OF_INVARIANT: row(
    "plugin '{plugin}' broke its own invariant '{name}': expected {text}; the node is quarantined",
    'never',
    'After a macrostep the context was not what the plugin itself says it must be: a bug of the plugin.',
  ),
  OF_INVARIANT_TEXT: row(
    "plugin '{plugin}' invariant '{name}' is not a condition over ctx: {cause}",
    'never',
    'An invariant must be a CEL expression over `ctx` that is true or false.',
  ),
  OF_NODE_UNKNOWN: row(
    "flow '{flow}' has no node '{node}'; run `orderflow graph` with the flow to see its nodes",
    'never',
    'A command or test names a node that the flow does not have.',
  ),
  // ---- replay and simulator (sources)
  OF_REPLAY_FILE_UNREADABLE: row(
    "data file '{file}': expected a file that can be read, was {was}; check the path",
    'never',
    'A file of the replay source does not exist, is a folder, or may not be read.',
  ),
  OF_REPLAY_FILE_TWICE: row(
    "data file '{file}' is the same as '{first}': expected each file once; remove one of them",
    'never',
    'One file is named twice, perhaps through a link. Its volume would count double.',
  ),
  OF_REPLAY_OVERLAP: row(
    "data files '{other}' and '{file}' hold the same part of the market at {time}: expected each print and each bar once; leave one file out, or cut one short",
    'never',
    'Two files overlap in time and hold equal rows there, or bars of the same time. Their volume would count double, so the replay ends here; the rows before were replayed.',
  ),
  OF_REPLAY_FILE_EMPTY: row(
    "data file '{file}': expected a header and at least one row, was {was}; check how the file was made",
    'never',
    'A file of the replay source holds nothing to replay.',
  ),
  OF_REPLAY_HEADER: row(
    "{file}:1: header expected {known}, was '{was}'; convert the file or rename its columns",
    'never',
    'The first line decides how a file is read, and no format has this one. The file may be of another kind, binary, or without a header.',
  ),
  OF_REPLAY_COLUMNS: row(
    '{place}: row expected {expected} columns ({header}), was {was}; correct the row',
    'never',
    'A row has more or fewer fields than the header. A decimal comma or a line cut short does this.',
  ),
  OF_REPLAY_FIELD: row(
    "{place}: '{field}' expected {expected}, was '{was}'; correct the row",
    'never',
    'A field of a data file does not hold what its column is for. It is refused rather than read as something else.',
  ),
  OF_REPLAY_ROW: row(
    '{place}: row contradicts itself: expected {rule}, was {was}; correct the row',
    'never',
    'The fields of a row are readable but cannot all be true, such as a high below the low.',
  ),
  OF_REPLAY_BAR_LENGTH: row(
    '{place}: length of a bar expected {expected}, was {was}; set `barSeconds` of the replay source, or replay files of one bar length',
    'never',
    'Files of bars stamp the start, and a bar is known only at its end. Its length is told from the first rows and must hold for all.',
  ),
  OF_REPLAY_GZIP: row(
    "data file '{file}': gzip data expected whole, was {was}; copy or download it again (the rows before were replayed)",
    'never',
    'A compressed file was cut short or damaged.',
  ),
  OF_REPLAY_RANGE: row(
    "replay range expected `from` before `to`, was from '{from}' to '{to}'; swap or correct them",
    'never',
    'The range of the replay source holds no time at all.',
  ),
  OF_REPLAY_RANGE_EMPTY: row(
    "data files '{files}': expected rows from {from} to {to}, was none; widen the range or name other files",
    'never',
    'The files can be read, but none of their rows lies in the range asked for.',
  ),
  OF_SIMULATOR_RESUME: row(
    "simulated market cannot be gone on with: expected '{expected}', was '{was}'; restore the parameters, or begin with a fresh log",
    'never',
    'The simulator was stopped and started again with another seed, start, instrument or make of market. Its log holds the old one.',
  ),
  OF_REPLAY_RESUME: row(
    "data file '{file}' cannot be resumed: expected {expected}, was {was}; give the same files as before, or begin with a fresh log",
    'never',
    'A replay was stopped in the middle, and its files changed before it went on.',
  ),
  // ---- log
  OF_LOG_RECORD: row(
    "record of '{owner}': '{field}' expected {expected}, was {was}; correct it where the record is made",
    'never',
    'A record would not come back from every backend as it was written: a topic name that Kafka refuses, a time that is no whole number of microseconds, or text with a NUL or half a character (JSON text never holds any).',
  ),
  OF_LOG_FENCED: row(
    "task '{task}' was opened again: expected epoch {epoch} to be the newest, was {newer}; this one must exit, the newer one goes on from what was committed",
    'never',
    'A second process, or a second start in this one, runs the same flow and instrument on the same log. The newer one goes on.',
  ),
  OF_LOG_EXPIRED: row(
    "transaction of '{writer}' expected to end within {seconds} s, was given up by the cluster, nothing of it was written; nobody else has it, open it again: it goes on from its last commit",
    'backoff',
    'The cluster, or this process, was away or stood still for longer than a transaction may stay open (KAFKA_TRANSACTION_SECONDS).',
  ),
  OF_LOG_TRIMMED: row(
    "topic '{topic}' partition {partition}: expected a position from offset {first} on, was {from}; older records were trimmed, replay from a checkpoint at or after {first}",
    'never',
    'A reader asks for records that were dropped to save space. Going on would leave a gap, so it is refused.',
  ),
  OF_LOG_MISSING: row(
    "topic '{topic}' partition {partition}: '{task}' expected records from offset {from} up to {until} to run again, was {was}; restore them from a backup, or begin a new log and replay the sources",
    'never',
    'A start runs what came after its last checkpoint again. The log held it once and does so no more: records were deleted, or the log was replaced by an older copy. What is only late is waited for.',
  ),
  OF_LOG_ABSENT: row(
    "log '{directory}' expected records of a run, was absent; run a flow first, or name the folder of its log with --home",
    'never',
    'A command looks at what a run has written, and there is no log where it looks.',
  ),
  OF_LOG_CLOSED: row(
    "log '{log}' expected an open handle, was closed; open it again",
    'never',
    'Something reads or writes after close(): a source or task that was not stopped first.',
  ),
  OF_LOG_LOCKED: row(
    "log '{directory}' is in use: expected no other engine, was owned by process {pid}; stop that one, or choose another directory with ORDERFLOW_HOME",
    'backoff',
    'Two engines on one log would write the same market twice. The owner holds a lock of the operating system, which is free again as soon as it ends, however it ends.',
  ),
  OF_LOG_BUSY: row(
    "log '{directory}' expected its turn to write within {ms} ms, another process did not finish its own; try again, or stop the other process",
    'backoff',
    'Another process of this machine holds the write lock of the log for very long: a stopped process, a debugger, or a slow disk.',
  ),
  OF_LOG_FOREIGN: row(
    "log '{directory}' expected files that this project made, was {was}; move it away or choose another directory with ORDERFLOW_HOME",
    'never',
    'The directory holds a file of the same name that something else made, or its first page was overwritten.',
  ),
  OF_LOG_VERSION: row(
    "log '{directory}' has a newer layout: expected version {expected}, was {was}; run the build that made it, or choose another directory with ORDERFLOW_HOME",
    'never',
    'A newer release of the project wrote this log.',
  ),
  OF_LOG_CORRUPT: row(
    "log '{directory}' is damaged: {cause}; copy the directory, check the disk, then restore a backup or replay the sources into a new one",
    'never',
    'SQLite found pages that contradict each other. Nothing more is read from such a log.',
  ),
  OF_LOG_READ_ONLY: row(
    "log '{directory}' expected to be writable, was read-only: {cause}; give this user the right to write there, or choose another directory with ORDERFLOW_HOME",
    'never',
    'The directory or a file in it belongs to another user, or the file system is mounted read-only.',
  ),
  OF_LOG_IO: row(
    "log '{directory}' could not be read or written: {cause}; check that the disk is there and has space, then start again",
    'backoff',
    'The disk is full, was removed or reported a fault, or the path is not a directory. Nothing of the commit was written.',
  ),
  OF_KAFKA_UNREACHABLE: row(
    "Kafka at '{brokers}' expected an answer within {seconds} s, was {cause}; start it with `npm run kafka`, or correct KAFKA_BROKERS",
    'backoff',
    'No broker of the list could be reached, or none leads what is asked for: not started, another port, a firewall, or a cluster that is being restarted.',
  ),
  OF_KAFKA_REFUSED: row(
    "Kafka at '{brokers}' refused {what}: expected success, was {cause}; correct the rights or settings of this program on the cluster",
    'never',
    'The cluster answered, and the answer was no: a wrong secret, a missing right for a topic or transactional id, or a limit such as the size of a record.',
  ),
  OF_KAFKA_UNSURE: row(
    "commit of '{writer}' expected an answer, was {cause}: it is written whole or not at all; open it again, the log knows",
    'backoff',
    'The cluster went away between the question and the answer. What was computed since the last commit is dropped; opening the task or source again shows where it stands.',
  ),
  OF_KAFKA_OPTION: row(
    "environment variable '{name}' expected {expected}, was '{was}'; correct it",
    'never',
    'A setting of the Kafka log in the environment cannot be read.',
  ),
  OF_KAFKA_TOOL: row(
    '`npm run kafka` expected {tool}, was {was}; install it (Debian: apt-get install {packages}), or start Kafka with `docker compose up kafka`',
    'never',
    'The broker is a Java program, and Maven fetches it the first time. Everything else of this project needs neither.',
  ),
  OF_KAFKA_JARS: row(
    'Apache Kafka {version} could not be fetched: expected Maven to find it, was {cause}; check the network or the mirror in ~/.m2/settings.xml',
    'backoff',
    'Maven did not get the jars that kafka/pom.xml names. Most often the network or a proxy is in the way.',
  ),
  OF_KAFKA_PORT: row(
    'port {port} of 127.0.0.1 expected to be free, was taken; stop the program that listens there, or choose another with --port',
    'never',
    'Another program, perhaps another Kafka, listens on the port of the broker or on the one above it, which is its controller.',
  ),
  OF_KAFKA_START: row(
    'Kafka expected to answer within {seconds} s, was {cause}; what it said is in {file}',
    'backoff',
    'The broker ended at its start or never answered. Most often its folder is damaged, of another version, or the memory is short.',
  ),
  OF_TEST_DURATION: row(
    "step `advance:` expected a duration such as 250ms, 90s, 10m or 2h, was '{text}'",
    'never',
    'A step of a flow test lets time pass by something that is not a duration.',
  ),
  OF_BENCH_SOURCE: row(
    "bench needs the source plugin '{plugin}', which was not found; run it in the project's checkout",
    'never',
    'The benchmark makes its trades with the bundled sources.',
  ),
  OF_BENCH_QUARANTINED: row(
    "bench case '{name}': nodes {nodes} were quarantined, so its time means nothing; run the flow with `orderflow replay` to see why",
    'never',
    'A node threw during a measurement.',
  ),
  OF_BENCH_CASE: row(
    "bench case '{name}' ended with {code} before it was measured:\n{err}",
    'never',
    'Each case of the benchmark runs in a process of its own. What that process said stands below the first line.',
  ),
  OF_STATS_OUTCOME: row(
    "flow '{flow}' has no node that tells what became of its setups: expected an out-port with the fields of outcome/1; add a node such as eighty-percent-rule",
    'never',
    '`orderflow stats` counts events with the fields of the contract outcome/1. The flow needs at least one node whose plugin emits them.',
  ),
  OF_STATS_QUARANTINED: row(
    'nodes {nodes} were quarantined while figures were collected, so these would be of a part of the time: {cause}; run the flow with `orderflow replay` to see where',
    'never',
    'A node threw. Figures of a flow that lost a node are not those of the flow.',
  ),
  OF_STATS_WORKER: row(
    'a thread that ran shuffled days stopped: {cause}; try again with --workers 1',
    'never',
    'Shuffled days run in threads of their own, which load flow and plugins again. One of them failed.',
  ),
  OF_WHY_NODE: row(
    "node '{node}' is not in the flow or has no machine to question; nearest: '{nearest}'; expected one of: {nodes}",
    'never',
    'Only nodes with a statechart answer why a transition did or did not fire.',
  ),
  OF_WHY_TRANSITION: row(
    "node '{node}' has no transition or event '{asked}'; nearest: '{nearest}'; expected one of: {known}",
    'never',
    'The question names a transition or event that the statechart does not have.',
  ),
  OF_WHY_UNEXPLAINED: row(
    "macrostep {seq} of node '{node}' was journalled without explanations, so what its guards compared is not known; run the inputs again with explanations on, such as `orderflow explain FLOW --data FILE`",
    'never',
    'A journal written with --no-explain holds what happened, and of what did not only that a guard said no.',
  ),
  OF_MOMENT_UNKNOWN: row(
    'there is no macrostep {seq} to travel to; the journal at hand holds {known}',
    'never',
    'Only macrosteps that were committed and are still in the log can be looked at.',
  ),
  // ---- store (a projection of the log: nothing in it cannot be made again)
  OF_STORE_URL: row(
    'DATABASE_URL expected an address such as postgresql://user@host:5432/name, was {was}; correct it, or unset it to use the embedded store',
    'never',
    'The environment names a database server in a form that is none. The text itself is not shown: it may hold a password.',
  ),
  OF_STORE_LOCKED: row(
    "store '{directory}' is in use by process {pid}; stop it first, or choose another folder with --home",
    'backoff',
    'The embedded store belongs to one process at a time. The lock of a process that is gone is taken over by itself: at once, or half a minute after the last sign of life of a process of another machine or container.',
  ),
  OF_STORE_LOST: row(
    "store '{directory}' was taken by process {pid} while this one stood still: nothing more is written here; stop one of them, or give it a folder of its own with --home",
    'backoff',
    'The machine or container of this process was suspended for so long that a process of another one took the store over, or somebody removed the lock. Two writers would damage it.',
  ),
  OF_STORE_UNREACHABLE: row(
    "store '{store}' expected a server that answers: {cause}; start the server or correct DATABASE_URL (the run goes on and the store catches up)",
    'backoff',
    'The database server is down, restarting, out of connections, or the network is in the way. Nothing is lost: the store is made from the log.',
  ),
  OF_STORE_REFUSED: row(
    "store '{store}' refused this user: {cause}; correct user, password or database name in DATABASE_URL, and grant the right to create tables",
    'backoff',
    'The server answers, but the user, the password, the database or a right is missing.',
  ),
  OF_STORE_READ_ONLY: row(
    "store '{store}' expected to be writable, was read-only: {cause}; give this user the right to write there",
    'backoff',
    'The folder belongs to another user, the file system is mounted read-only, or the server is a standby.',
  ),
  OF_STORE_FULL: row(
    "store '{store}' has no space left: {cause}; free some (the run goes on and the store catches up)",
    'backoff',
    'The disk of the store is full. What was not written is made from the log once there is space.',
  ),
  OF_STORE_SLOW: row(
    "store '{store}' did not answer in time: {cause}; look at the load of the server and the network (the run goes on and the store catches up)",
    'backoff',
    'A connection or a statement took longer than its limit, or another transaction held the rows.',
  ),
  OF_STORE_CORRUPT: row(
    "store '{store}' is damaged: {cause}; run 'orderflow store rebuild', which sets it aside and makes a new one from the log",
    'never',
    'Files of the store were changed, lost or cut, most often by a power cut or a full disk. The log has everything that was in it.',
  ),
  OF_STORE_IO: row(
    "store '{store}' could not do its work: {cause}; if it stays so, run 'orderflow store rebuild'",
    'backoff',
    'The database reported something without a code of its own here. The cause is its own text.',
  ),
  OF_STORE_VERSION: row(
    "store '{store}' expected {expected}, was {was}; use the build that made it, or run 'orderflow store rebuild'",
    'never',
    'Another build of the program made the store: its tables, or the rules that make rows of records, are not those of this one.',
  ),
  OF_STORE_OTHER_LOG: row(
    "store '{store}' was made from log '{was}', expected '{expected}'; run 'orderflow store rebuild' to make it from this log, or name another database",
    'never',
    'A store shows one log. This server holds the store of another one, which a rebuild would remove.',
  ),
  OF_STORE_DIVERGED: row(
    "store '{store}' was made from another '{topic}' partition {partition}: at offset {offset} expected event time {expected}, was {was}; run 'orderflow store rebuild'",
    'never',
    'The log is not the one the store was made from: it was replaced by a copy, or lost its end in a power cut and was written anew.',
  ),
  OF_STORE_TABLE: row(
    "table '{table}' is not in the store; expected one of {tables}",
    'never',
    'The name of a table that is to be exported is not one of the store.',
  ),
  // ---- command line and plugin discovery
  OF_CLI_COMMAND: row(
    "command '{command}' is not known{nearest}; run `orderflow --help` to see all commands",
    'never',
    'The first word after `orderflow` is no command. Mostly a typing mistake.',
  ),
  OF_CLI_OPTION: row(
    "'{command}' has no option '{option}'{nearest}; run `orderflow {command} --help`",
    'never',
    'An option is not one of this command. Mostly a typing mistake.',
  ),
  OF_CLI_VALUE: row(
    "'{option}' expected {expected}, was '{was}'; run `orderflow {command} --help`",
    'never',
    'The value of an option or argument cannot be used, or is absent.',
  ),
  OF_CLI_ARGUMENTS: row(
    "'{command}' expected {expected}, was {was}; run `orderflow {command} --help`",
    'never',
    'Too few or too many words stand after the command.',
  ),
  OF_CLI_FILE: row(
    "file '{file}': expected a file that can be read, was {was}; check the path",
    'never',
    'A file that the command line or the environment names does not exist, is a folder, is empty, or may not be read.',
  ),
  OF_CREATE_EXISTS: row(
    "{what} is there already, in '{place}': expected a new name; choose another one or remove it",
    'never',
    'A command that makes files never writes over what is there.',
  ),
  OF_CLI_WRITE: row(
    "file '{file}' cannot be written: {cause}; check the path and whether this user may write there",
    'never',
    'A command that makes files could not: the path leads through a file, the folder is read-only, the disk is full, or a file is there already.',
  ),
  OF_CLI_FLOW: row(
    "flow '{file}' was not started, mistakes found: {count}; correct them, `orderflow lint {file}` lists them again",
    'never',
    'The flow file does not pass its checks. The mistakes stand above this line.',
  ),
  OF_WEB_PORT: row(
    "port {port} of '{address}' expected to be free, was taken: {cause}; stop the other program or choose another one with --port or ORDERFLOW_PORT",
    'never',
    'The web app could not listen. Most often another `orderflow start` runs already.',
  ),
  OF_WEB_PASSWORD: row(
    "address '{address}' can be reached from other machines: expected a password of at least {least} characters in ORDERFLOW_PASSWORD or in the file that ORDERFLOW_PASSWORD_FILE names, was {was}",
    'never',
    'The web app listens on the loopback unless it is asked to do otherwise; then it must not be open to everyone. ORDERFLOW_HOSTS and ORDERFLOW_TRUST_PROXY mean that a proxy brings people from elsewhere to the loopback.',
  ),
  OF_WEB_BUILD: row(
    'the web app could not be built: {cause}; the flow runs on without it',
    'never',
    'The production build of the web app failed. `npx remix vite:build web` shows all of it.',
  ),
  OF_LETTER_UNKNOWN: row(
    "dead letter '{letter}' of flow '{flow}' expected one of {known}, was none of them; `orderflow dead-letters list` shows them",
    'never',
    'A dead letter is named by its instrument and its offset in the topic of dead letters, such as ES@0.',
  ),
  OF_OPS_PORT: row(
    'port {port} of 127.0.0.1 expected to be free for metrics and health, was not: {cause}; stop the other program, or choose another one with --ops or ORDERFLOW_OPS_PORT',
    'never',
    'The endpoint for operators could not listen. Two processes of one machine need a port each.',
  ),
  OF_PLUGIN_FOLDER: row(
    "plugin folder '{folder}' of {from}: expected a folder with plugin.ts, or with folders that have one, was {was}; correct the path",
    'never',
    'A folder named in ORDERFLOW_PLUGINS does not exist or holds no plugin.',
  ),
  OF_PLUGIN_MODULE: row(
    "plugin file '{file}' cannot be loaded: {cause}; correct the file",
    'never',
    'Importing the file threw: a syntax error, a missing import, or code that runs at import. Set ORDERFLOW_DEBUG=1 to see the stack. Under Deno a plugin outside of the project needs an import map for orderflow, xstate and zod.',
  ),
  OF_PLUGIN_EXPORT: row(
    "plugin file '{file}': expected `export const plugin = definePlugin(…)`, was {was}; export it under that name",
    'never',
    'Discovery looks for an export called `plugin` and found none, or something else under the name.',
  ),
  OF_PLUGIN_MANIFEST: row(
    "package '{package}': '{field}' of package.json expected {expected}, was {was}; correct it or remove the dependency",
    'never',
    'A dependency declares itself a plugin by the key `orderflow` of its package.json, but the key cannot be used.',
  ),
  OF_PLUGIN_TWICE: row(
    "plugin '{plugin}' is found in '{first}' and in '{second}': expected one plugin of an id; remove one",
    'never',
    'Two files declare a plugin of the same id, so a flow could not say which it means.',
  ),
  // ---- running a flow
  OF_SOURCE_OTHER: row(
    "the log holds market data of {instrument} that source '{source}' did not write: expected one source for an instrument; use another ORDERFLOW_HOME",
    'never',
    'A log was filled by one source and is now fed by another, so time would run back in it. Each source gets a log of its own.',
  ),
  OF_SOURCE_ABSENT: row(
    "flow '{flow}' has no source for its market in-ports; add one under `sources:`, or replay files with `orderflow replay {flow} --data FILE`",
    'never',
    'A flow without a market source can be replayed over files but not started.',
  ),
  OF_SINK_UNSUPPORTED: row(
    "flow '{flow}' has sink '{sink}', which this version does not run; take it out, or replay the flow",
    'never',
    'Sinks carry records to the outside. This version has none, and a flow whose orders go nowhere must not look alive.',
  ),
  OF_SOURCE_FAILED: row(
    "source '{source}' stopped: {cause}",
    'never',
    'A source threw something that is no coded error: probably a mistake in the source plugin. What it wrote before is in the log.',
  ),
  OF_DEPLOY_UNDO: row(
    "deployment of '{flow}' expected to be taken back after '{first}', was stopped by '{cause}'; start the flow again: nodes of {instruments} whose state was dropped begin anew",
    'never',
    'A flow that was to take over could not, and neither could what was written of it be taken back, most often because the log went out of reach. Going on would run machines without the state that was dropped.',
  ),
  OF_VERIFY_FLOW: row(
    "the journal of '{task}' was written by flow {was}, this flow is {expected}; verify with the flow file and plugins that wrote it",
    'never',
    'The flow, a parameter or a plugin changed since the last commit. A journal can be verified only by what wrote it.',
  ),
  OF_EXPLAIN_EMPTY: row(
    "'{directory}' holds nothing that '{task}' did; run `orderflow start` first, name the folder with --home, or give market data with --data",
    'never',
    'There is no journal to answer from: the flow has not run with this home folder, or the data files hold no row.',
  ),
  OF_VERIFY_EMPTY: row(
    "log '{directory}' has nothing of '{task}' to verify; run `orderflow start` or `orderflow run` first, or name the folder with --home",
    'never',
    'The log in the home folder holds no commit of this flow and instrument.',
  ),
} as const;

/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable;
