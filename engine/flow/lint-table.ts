import { fillMessage } from '../errors.ts';
import type { Lint, Place } from './graph.ts';

interface Row {
  readonly level: Lint['level'];
  /** Variants that are warnings though the code is an error. */
  readonly milder: readonly string[];
  /** What it means, what you probably did, what to do. */
  readonly doc: string;
  /** The messages of the code by variant, with `{fact}` placeholders. */
  readonly say: Readonly<Record<string, string>>;
}

const row = <const S extends Readonly<Record<string, string>>>(
  doc: string,
  say: S,
  level: Row['level'] = 'error',
  milder: readonly (keyof S & string)[] = [],
) => ({ level, milder: milder as readonly string[], doc, say });

/** Every flow mistake: code, level, explanation and messages in one row. A variant of a code has its own message. */
export const lintTable = {
  WF001: row(
    'A name leads nowhere: a plugin, node, port, table, parameter, key, state or function. Mostly a typing mistake; the nearest known name is given.',
    {
      plugin: "plugin '{name}' is not installed",
      pluginVersion: "plugin '{name}' is installed as {installed}, outside '{range}'",
      use: "'{name}' is no plugin reference: expected id@range like vwap@^1 or a path like ./fragments/x.yaml",
      pluginKind: "plugin '{name}' is a {was}: expected a {expected} here",
      file: "file '{name}' cannot be read",
      key: "'{name}' is no key of {of}",
      node: "node '{node}' reads '{name}', which no node or source in this flow emits",
      port: "'{of}' has no {side}-port '{name}'",
      noInPorts: "'{of}' has no in-port '{name}': it has none",
      table: "'{name}' is no table out-port",
      param: "parameter '{name}' is not declared under params",
      contract: "contract '{name}' is not known",
      instrument: "instrument '{name}' is not in the instrument table",
      state: "state '{name}' is not in this statechart",
      variable: "'{name}' is not known in this expression",
      field: "'{of}' has no field '{name}'",
      function: "function '{name}' is not known",
      replaced: "the environment replaces '{name}', which the flow does not have",
      moved: "moved: '{name}' is no node of this flow",
      contextField: "context field '{name}' is not declared",
    },
  ),
  WF002: row(
    'The file is not YAML, or uses what a flow has no need of: several documents, tags, endless aliases. The place is where the reader gave up.',
    {
      yaml: 'not YAML: {cause}',
      depth: 'nested deeper than {limit} levels',
      alias: "alias '*{name}' leads nowhere or too far",
      key: 'expected text as key of a mapping',
    },
  ),
  WF003: row(
    'YAML took a part of an expression for itself: inside { … } a comma ends the value, and ": " makes a mapping. Quote the expression.',
    {
      comma: "the expression '{text}' is cut by the comma after it",
      bracket: "inside { … } an expression ends before '{sign}'",
      ternary: 'a ternary holds ": ", which YAML reads as a mapping',
    },
  ),
  WF004: row(
    'Text stands where an expression (CEL) is expected, or the expression does not parse. Words are written as { text: … }.',
    {
      parse: "'{text}' is not an expression: {cause}",
      words: "'{text}' is not an expression: {cause}; are these words?",
      interpolation: "'{text}': ${…} is filled in under with: only",
      unreadable:
        "'{text}' holds an unreadable ${…}: expected ${param.name}, ${env:NAME:default} or ${secret:path}",
    },
  ),
  WF005: row(
    'A value has the wrong form, such as a list where a mapping is expected, or a required key is absent.',
    {
      shape: "'{name}' expected {expected}, was {was}",
      missing: "{of} needs '{name}': expected {expected}",
      one: '{of} expected exactly one of {expected}, was {was}',
      time: "'{text}' is no time of day: expected HH:MM or HH:MM:SS",
      duration: "'{text}' is no duration: expected 250ms, 90s, 10m or 2h",
      version: "'{text}' is no version: expected three numbers like 1.0.0",
      zone: "time zone '{text}' is not known: expected {expected}",
      days: "'{text}' is no kind of day: expected rth, all or a list of mon … fri",
    },
  ),
  WF006: row(
    'A name breaks the rule for its kind: flow and node keys become topic names, the others names in expressions.',
    {
      key: "'{name}' is no {what} name: expected a lower-case letter, then letters, digits and hyphens",
      identifier: "'{name}' is no {what} name: expected a camelCase name of letters and digits",
      reserved: "'{name}' is reserved",
      taken: "'{name}' already means something else in expressions",
    },
  ),
  WF010: row(
    'Two things of different kind meet: a wire joins ports of different kind, schema or unit, or an expression mixes types or units. Prices are in ticks inside: write price(4500.25) for a level, points(2) for a distance.',
    {
      kind: "in-port '{port}' takes {expected}, '{origin}' gives {was}",
      schema: "in-port '{port}' does not fit '{origin}': {cause}",
      expression: "'{text}': {cause}",
      result: "'{text}' expected {expected}, was {was}",
      unit: "'{text}': {left} is in {leftUnit}, {right} in {rightUnit}",
      barePrice: "'{text}': a price is in ticks inside, so {number} alone is not a level",
      field: "'{name}' expected {expected}, was {was}",
      tick: "'{text}': {function}() needs one tick size, the instruments of this flow have several",
    },
  ),
  WF011: row('An in-port that the plugin needs is not wired, so it would never work.', {
    unwired: "in-port '{port}' of '{node}' is not wired",
  }),
  WF012: row(
    'Something is produced that nobody takes, or waited for that nobody produces.',
    {
      event: "'{name}' is no in-port, so this transition never fires",
      emit: "out-port '{name}' is declared, but nothing emits it",
      inPort: "in-port '{name}' is wired, but no state listens to it and no condition asks for it",
      node: "no wire, table or sink reads an event of '{name}'",
      param: "parameter '{name}' is never read",
      source: "source '{name}' is never read",
      context: "context field '{name}' is never {what}",
    },
    'error',
    ['emit', 'inPort', 'node', 'param', 'source', 'context'],
  ),
  WF013: row('Two different sources would feed one instrument: trades would count twice.', {
    two: "'{name}' is a second market source beside '{other}' (line {line}): expected one for an instrument",
  }),
  WF014: row('A value is outside its range, of the wrong type, or in the wrong unit.', {
    value: "'{name}' expected {expected}, was {was}",
    share: "'{name}' is a share: expected {expected}, was {was}",
    env: "environment variable '{name}' is not set and has no default",
    word: "'{text}' can never be '{word}': expected one of {expected}",
    divisor: "'{text}' divides by what may be 0",
    offGrid: "price({price}) is no multiple of the tick {tick} of '{instrument}'",
    row: 'instrument row: {cause}',
    priceParam: "parameter '{name}' cannot be of unit price",
    config: "the configuration of '{name}' is not plain JSON: {cause}",
  }),
  WF015: row(
    'A key stands twice in one mapping, or two things have one name; the second would silently win.',
    {
      key: "'{name}' is already given at line {line}",
      node: "node '{name}' is already defined at line {line}",
      name: "'{name}' is already the name of a {what}",
    },
  ),
  WF020: row('No path of transitions leads from the initial state to this state.', {
    state: "state '{name}' is unreachable",
  }),
  WF021: row(
    'For every value the parameters and fields may take, the comparison has one outcome, so it says nothing. A limit is probably mistyped or in another unit.',
    {
      always: "'{text}' is always {outcome}: {ranges}",
      constant: "'{text}' is always {outcome}",
    },
  ),
  WF022: row(
    'An earlier candidate for the same event always wins, so this transition never fires. Candidates are asked in file order.',
    {
      shadowed: "this transition on '{event}' never fires: the candidate at line {line} {reason}",
    },
  ),
  WF023: row(
    'A transition names an action that does not exist, or does nothing at all. XState would ignore it in silence.',
    {
      action:
        "'{name}' is no key of a transition: a flow statechart knows when, why, set, emit and to, no named actions",
      nothing: "this transition on '{event}' does nothing: expected set, emit or to",
      plugin: "the machine of plugin '{plugin}' names {what} '{name}', which it does not implement",
    },
  ),
  WF024: row(
    'The first state of a statechart (or of a state with substates) is absent or not one of its states.',
    {
      missing: "'{of}' has no initial state: expected one of {expected}",
      unknown: "initial state '{name}' is none of the states of '{of}'",
      leaf: "'{of}' has an initial state but no states",
    },
  ),
  WF025: row(
    'States pass control on to one another without an event and without changing anything, so the machine would never come to rest.',
    {
      cycle: 'always-transitions go round in a circle: {path}',
    },
  ),
  WF030: row(
    'A duration is longer than the trade day of 23 hours, so the timer fires in a later session or the condition reaches over the close.',
    {
      timer: "'{text}' is longer than the trade day (23h)",
    },
    'warning',
  ),
  WF040: row(
    'Nodes feed one another in a circle within one instant. Break it with `via: topic` on one of the wires; a plugin that only answers on market data, such as paper execution, breaks it as well.',
    {
      loop: 'feedback loop without delay: {path}',
    },
  ),
  WF050: row(
    'A pure plugin uses the clock, randomness, timers, locale or the outside world, so two runs over the same records could differ.',
    {
      global: "plugins are pure: '{name}' is not allowed ({why})",
    },
  ),
  WF055: row(
    'A context field grows with every event. Snapshots and the journal would grow without end; keep numbers, or let a plugin do it.',
    {
      growth: "'{name}' grows with every event: {text}",
    },
  ),
  WF060: row(
    'A node that had state is gone and another of the same plugin is new: its state would be lost. A node key is the identity of its state.',
    {
      renamed:
        "node '{name}' is gone and '{other}' of the same plugin is new: its state would be lost",
      plugin: "node '{name}' was plugin '{was}' and is now '{now}': its state cannot be kept",
    },
  ),
  WF061: row(
    'The installed plugin is newer than the one that wrote the state, and has no migration for it.',
    {
      bump: "plugin '{plugin}' of node '{name}' was {was} and is now {now}, without a migrate for {was}",
    },
  ),
  WF062: row(
    'The installed plugin is not of the version that flows.lock names: signals may differ from those you tested. Read its changes, test the flow, then write the lock anew with `orderflow list --lock`.',
    {
      locked: "plugin '{plugin}' is {now}, flows.lock names {was}",
    },
    'warning',
  ),
  WF070: row(
    'A secret stands in the file, or is asked for where it could reach the journal or a page. Secrets belong to sinks, as ${secret:path}. A draft of the web editor reads the variables of the process that its file on disk reads already, those beginning with ORDERFLOW_FLOW_, and those named in ORDERFLOW_ENV_ALLOW.',
    {
      plain: "'{name}' holds a secret in plain text",
      place: '${secret:…} is allowed in sinks only',
      variable: "a draft may not read the environment variable '{name}'",
    },
  ),
  WF080: row('Orders could reach the broker without passing a risk gate.', {
    path: "'{sink}' reaches the broker from '{origin}' without a risk gate between",
  }),
  WF081: row('A flow that trades has no time of day at which everything is closed.', {
    flat: "risk gate '{name}' has no flat-by time",
  }),
  WF082: row(
    'A flow that trades cannot be stopped by hand: the kill switch is not wired to its risk gate.',
    {
      kill: "the kill switch is not wired to risk gate '{name}'",
    },
  ),
  WF090: row(
    'A flow test has the wrong form, or names something its flow does not have, so it would test nothing.',
    {
      shape: "'{name}' {cause}",
      key: "'{name}' is no key here: expected one of {known}",
      node: "'{name}' is no node of flow '{flow}'",
      machine: "'{name}' has no {what}: expected one of {known}",
      port: "'{name}' is no out-port of flow '{flow}': expected <node>.<port>",
      flow: "flow '{name}' cannot be read: {cause}",
    },
  ),
} as const satisfies Readonly<Record<string, Row>>;

type Code = keyof typeof lintTable;
/** A code with its variant, such as `WF001.plugin`. */
export type LintKey = { [C in Code]: `${C}.${keyof (typeof lintTable)[C]['say'] & string}` }[Code];

type SayOf<K extends LintKey> = K extends `${infer C extends Code}.${infer V}`
  ? (typeof lintTable)[C]['say'] extends infer S
    ? V extends keyof S
      ? S[V]
      : never
    : never
  : never;
type Placeholders<T> = T extends `${string}{${infer K}}${infer Rest}`
  ? K | Placeholders<Rest>
  : never;
// `${…}` in a message is text of the flow language, not a fact.
type FactName<T> = Exclude<
  Placeholders<T>,
  ` ${string}` | `…` | `param.name` | `env:NAME:default` | `secret:path` | `secret:…`
>;
/** The facts a lint's message needs, by name. */
export type LintFacts<K extends LintKey> = Readonly<Record<FactName<SayOf<K>>, string | number>>;

/** Collects the mistakes of one flow. */
export class Lints {
  readonly list: Lint[] = [];
  private readonly seen = new Set<string>();

  /** Notes a mistake; `fix` is what to write instead, as it is shown. */
  add<K extends LintKey>(
    key: K,
    place: Place,
    facts: LintFacts<K>,
    fix: string | null = null,
  ): void {
    const dot = key.indexOf('.');
    const code = key.slice(0, dot) as Code;
    const { level: usual, milder, say } = lintTable[code];
    const variant = key.slice(dot + 1);
    const level = milder.includes(variant) ? 'warning' : usual;
    const message = fillMessage((say as Readonly<Record<string, string>>)[variant]!, facts);
    // One mistake may be met on several ways; it is told once.
    const identity = `${code} ${place.file}:${place.line}:${place.col} ${message}`;
    if (this.seen.has(identity)) return;
    this.seen.add(identity);
    this.list.push({ ...placeOf(place), code, level, message, ...(fix === null ? {} : { fix }) });
  }
}

function placeOf({ file, line, col }: Place): Place {
  return { file, line, col };
}

/** Writes the fix for a mistyped name; null where no known name is like it. */
export function nearestFix(nearest: string | null): string | null {
  return nearest === null ? null : `nearest: '${nearest}'`;
}

/** Writes a lint the way compilers do, so that editors can jump to it. */
export function formatLint(lint: Lint): string {
  const fix = lint.fix === undefined ? '' : `; ${lint.fix}`;
  return `${lint.file}:${lint.line}:${lint.col} ${lint.level} ${lint.code} ${lint.message}${fix}`;
}
