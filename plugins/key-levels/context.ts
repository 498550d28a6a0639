import {
  type Acceptance,
  assert,
  beginAcceptance,
  closeAcceptance,
  endAcceptance,
  type Payload,
  waitingAcceptance,
} from '#engine';
import type { Config, Outputs, records, Senses } from './config.ts';
import { clustersOf, first, idOf, type Member, placeOf, slots } from './key-levels.ts';

type Inputs = Senses & typeof records;
type Named = {
  [K in keyof Inputs]: { readonly type: K; readonly ts: number } & Readonly<Payload<Inputs[K]>>;
};

/** An event into the machine: a sense or a record of an in-port. */
export type Event = Named[keyof Inputs];

type Level = Payload<Outputs['level']>;
type Beyond = -1 | 0 | 1;

/** How the level at a place is answered. */
interface Answer {
  /** Which way lies beyond it; 0 until price leaves it. */
  readonly beyond: Beyond;
  readonly acceptance: Acceptance;
}

/** Each place has its own fields, so that a touch is one small change of the context. */
export type Context = {
  readonly [place: `level${number}`]: Level;
} & { readonly [place: `answer${number}`]: Answer };

/** What a step changes: fields of the context, and the rows to be told. */
export interface Change {
  readonly patch: Partial<Context>;
  readonly rows: readonly Level[];
}

type Draft = Record<string, Level | Answer>;

const levelAt = (context: Context, slot: number): Level | undefined => context[`level${slot}`];
const answerAt = (context: Context, slot: number): Answer | undefined => context[`answer${slot}`];

/** Returns the event as the type a transition is taken for. */
export function as<K extends keyof Named>(type: K, event: Event): Named[K] {
  assert(event.type === type, `the transition is taken for '${type}'`, event.type);
  return event as Named[K];
}

function* activeOf(context: Context): Generator<Level> {
  for (let slot = 0; slot < slots; slot += 1) {
    const level = levelAt(context, slot);
    if (level?.active) yield level;
  }
}

type Placed = Named['placed']['levels'][number];

/** A level keeps its history while it is the same price of the same thing. */
function isSame(kept: Level | undefined, id: string, placed: Placed): boolean {
  if (!kept?.active || kept.id !== id || kept.price !== placed.price) return false;
  const isOfOneSession = placed.slot < first.composite || kept.group === 'week';
  return !isOfOneSession || kept.sessions.join() === placed.sessions.join();
}

function newLevel(config: Config, placed: Placed, id: string, ts: number): Level {
  const { slot, price, sessions, approximate, expires } = placed;
  const own = config.manual[slot - first.manual];
  return {
    id,
    slot,
    ...placeOf(slot),
    price,
    active: true,
    sessions,
    validFrom: ts,
    expires,
    touches: 0,
    lastTouch: null,
    state: 'untested',
    cluster: id,
    confluence: 1,
    approximate,
    ...(own && {
      strength: own.strength,
      role: own.role,
      horizon: own.horizon,
      note: own.note,
    }),
  };
}

/** Gives each active level its cluster; those whose cluster changed become new rows. */
function recluster(config: Config, context: Context, draft: Draft): void {
  const now = { ...context, ...draft } as Context;
  const members: Member[] = [...activeOf(now)];
  const clusters = clustersOf(members, config.mergeTicks);
  for (const level of activeOf(now)) {
    const { cluster, confluence } = clusters.get(level.slot) ?? level;
    if (cluster !== level.cluster || confluence !== level.confluence)
      draft[`level${level.slot}`] = { ...level, cluster, confluence };
  }
}

function changeOf(context: Context, draft: Draft, before: readonly Level[] = []): Change {
  const rows: Level[] = [...before];
  for (let slot = 0; slot < slots; slot += 1) {
    const level = draft[`level${slot}`] as Level | undefined;
    if (level && level !== levelAt(context, slot)) rows.push(level);
  }
  return { patch: draft as Partial<Context>, rows };
}

/** Takes levels that became valid and places that became empty. */
export function takePlaced(config: Config, context: Context, event: Event): Change {
  const { levels, gone, ts } = as('placed', event);
  const draft: Draft = {};
  const ended: Level[] = [];
  for (const slot of gone) {
    const level = levelAt(context, slot);
    if (!level?.active) continue;
    const row = { ...level, active: false };
    draft[`level${slot}`] = row;
    // A place that is given away at once has two rows: the end of the old level and the new one.
    if (levels.some((placed) => placed.slot === slot)) ended.push(row);
  }
  for (const placed of levels) {
    const id = idOf(placed.slot, placed.sessions);
    const kept = levelAt(context, placed.slot);
    if (isSame(kept, id, placed) && kept) {
      if (kept.sessions.join() !== placed.sessions.join())
        draft[`level${placed.slot}`] = { ...kept, sessions: placed.sessions };
      continue;
    }
    draft[`level${placed.slot}`] = newLevel(config, placed, id, ts);
    draft[`answer${placed.slot}`] = { beyond: placed.beyond, acceptance: waitingAcceptance };
  }
  recluster(config, context, draft);
  return changeOf(context, draft, ended);
}

/** Counts a touch; a naked point of control ends with it. */
export function takeTouch(config: Config, context: Context, event: Event): Change {
  const { slots: touched, ts } = as('touched', event);
  const draft: Draft = {};
  let isEnded = false;
  for (const slot of touched) {
    const level = levelAt(context, slot);
    if (!level?.active) continue;
    const ends = level.kind === 'naked-poc';
    isEnded ||= ends;
    draft[`level${slot}`] = {
      ...level,
      active: !ends,
      touches: level.touches + 1,
      lastTouch: ts,
      state: level.state === 'untested' ? 'tested' : level.state,
    };
  }
  if (isEnded) recluster(config, context, draft);
  return changeOf(context, draft);
}

/** Begins the session for every level: price may have opened beyond it. */
export function takeOpen(context: Context, event: Event): Change {
  const { price, ts } = as('opened', event);
  const draft: Draft = {};
  for (const { slot, price: level } of activeOf(context)) {
    const kept = answerAt(context, slot);
    const side = Math.sign(level - price) as Beyond;
    const beyond: Beyond = kept?.beyond === 0 ? side : (kept?.beyond ?? side);
    const acceptance = beyond === 0 ? waitingAcceptance : beginAcceptance(level, beyond, price, ts);
    if (beyond !== kept?.beyond || acceptance !== kept.acceptance)
      draft[`answer${slot}`] = { beyond, acceptance };
  }
  return changeOf(context, draft);
}

const named = { accepted: 'broken', rejected: 'held', reentered: 'held' } as const;

/** Takes every level through the end of a period. */
export function takePeriod(context: Context, event: Event): Change {
  const period = as('periodClosed', event);
  const draft: Draft = {};
  for (const level of activeOf(context)) {
    const kept = answerAt(context, level.slot);
    if (!kept) continue;
    const { close } = period;
    if (kept.beyond === 0) {
      const beyond = close === null ? 0 : (Math.sign(level.price - close) as Beyond);
      if (beyond !== 0) draft[`answer${level.slot}`] = { beyond, acceptance: waitingAcceptance };
      continue;
    }
    const acceptance = closeAcceptance(kept.acceptance, level.price, kept.beyond, period);
    if (acceptance === kept.acceptance) continue;
    draft[`answer${level.slot}`] = { beyond: kept.beyond, acceptance };
    const state =
      acceptance.status in named ? named[acceptance.status as keyof typeof named] : level.state;
    if (state !== level.state) draft[`level${level.slot}`] = { ...level, state };
  }
  return changeOf(context, draft);
}

/** Ends the regular session: what is pending stays undecided. */
export function takeEnd(context: Context): Change {
  const draft: Draft = {};
  for (const { slot } of activeOf(context)) {
    const kept = answerAt(context, slot);
    if (!kept) continue;
    const acceptance = endAcceptance(kept.acceptance);
    if (acceptance !== kept.acceptance) draft[`answer${slot}`] = { ...kept, acceptance };
  }
  return changeOf(context, draft);
}
