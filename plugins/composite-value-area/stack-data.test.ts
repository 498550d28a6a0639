// Merging by overlap and stacking, computed a second time in the plainest way and held against the plugin on real bars.
import { expect, it } from 'vitest';
import { describeWithData, driveNode, type NodeRun, readShared } from '#engine/testing.ts';
import { barsOf, type FileSession, sessionOf } from './bars-fixture.ts';
import { plugin } from './plugin.ts';

interface Value {
  readonly val: number;
  readonly vah: number;
  readonly poc: number;
}

interface Group extends Value {
  readonly members: FileSession[];
  frozen: boolean;
}

const files = ['ES_1m_20130901_20130920_tickdata', 'ES_1m_RTH_20260126_20260424_databento'];
const lengths = { [files[0]!]: 15, [files[1]!]: 63 };

/** Value area of merged sessions: pairs of rows, ties up, seventy hundredths. */
function valueOf(sessions: readonly FileSession[]): Value {
  const rows = new Map<number, number>();
  for (const { low, volumes } of sessions)
    for (const [i, v] of volumes.entries()) rows.set(low + i, (rows.get(low + i) ?? 0) + v);
  const ticks = [...rows.keys()];
  const [bottom, top] = [Math.min(...ticks), Math.max(...ticks)];
  const at = (tick: number): number => rows.get(tick) ?? 0;
  const total = [...rows.values()].reduce((sum, v) => sum + v, 0);
  const near = total * 1e-12;
  const most = Math.max(...rows.values());
  const [poc] = ticks
    .filter((tick) => at(tick) >= most - near)
    .sort((a, b) => Math.abs(2 * a - bottom - top) - Math.abs(2 * b - bottom - top) || b - a);
  let [val, vah, held] = [poc!, poc!, at(poc!)];
  while (held < 0.7 * total - near) {
    const above = vah < top ? at(vah + 1) + at(vah + 2) : -1;
    const below = val > bottom ? at(val - 1) + at(val - 2) : -1;
    if (above >= below - near) {
      held += above;
      vah = Math.min(top, vah + 2);
    } else {
      held += below;
      val = Math.max(bottom, val - 2);
    }
  }
  return { val, vah, poc: poc! };
}

function shared(a: Value, b: Value): number {
  const ticks = Math.min(a.vah, b.vah) - Math.max(a.val, b.val) + 1;
  return Math.max(0, ticks) / (Math.min(a.vah - a.val, b.vah - b.val) + 1);
}

const lean = ({ val, vah, poc }: Value): number => Math.abs(vah + val - 2 * poc) / (vah - val + 1);
const groupOf = (members: FileSession[]): Group => ({
  ...valueOf(members),
  members,
  frozen: members.length === 15,
});

/** Composites by overlap from the first session to the last. */
function mergeAll(sessions: readonly FileSession[]): {
  groups: Group[];
  candidate: FileSession | null;
} {
  let groups: Group[] = [];
  let candidate: FileSession | null = null;
  const start = (...members: FileSession[]): void => {
    for (const group of groups) group.frozen = true;
    groups.push(groupOf(members));
  };
  const join = (...members: FileSession[]): void => {
    const last = groups.pop()!;
    groups.push(groupOf([...last.members, ...members]));
  };
  sessions.forEach((s, i) => {
    const newest = groups.at(-1);
    if (newest === undefined || newest.frozen) start(s);
    else if (candidate !== null) {
      const waiting = candidate;
      candidate = null;
      if (shared(valueOf([s]), newest) >= 0.5 && newest.members.length < 14) join(waiting, s);
      else if (shared(valueOf([s]), valueOf([waiting])) >= 0.5) start(waiting, s);
      else {
        start(waiting);
        start(s);
      }
    } else {
      const overlap = shared(valueOf([s]), newest);
      if (overlap >= 0.5) join(s);
      else if (overlap < 0.25) start(s);
      else if (lean(valueOf([...newest.members, s])) <= lean(newest)) join(s);
      else candidate = s;
    }
    const oldest = sessions[Math.max(0, i - 29)]!.tradeDate;
    groups = groups.filter(({ members }) => members.at(-1)!.tradeDate >= oldest);
  });
  return { groups, candidate };
}

interface Layer extends Value {
  readonly names: string[];
}

/** The last thirty five-session composites, newest last. */
function archiveOf(sessions: readonly FileSession[]): Layer[] {
  return sessions
    .map((_, i) => sessions.slice(Math.max(0, i - 4), i + 1))
    .filter((window) => window.length >= 3)
    .map((window) => ({ ...valueOf(window), names: window.map((s) => s.tradeDate) }))
    .slice(-30);
}

const distinct = (layers: readonly Layer[]): number =>
  new Set(layers.flatMap(({ names }) => names)).size / 5;
const weightOf = (layers: readonly Layer[], i: number): number =>
  0.5 ** ((layers.length - 1 - i) / 10);

function stacksOf(layers: readonly Layer[]) {
  const low = Math.min(...layers.map(({ val }) => val));
  const high = Math.max(...layers.map(({ vah }) => vah));
  const cover = Array.from({ length: high - low + 1 }, (_, i) =>
    layers.reduce(
      (sum, { val, vah }, n) =>
        val <= low + i && low + i <= vah ? sum + weightOf(layers, n) : sum,
      0,
    ),
  );
  const enough = 0.7 * Math.max(...cover);
  const runs = (passes: (v: number) => boolean): [number, number][] => {
    const found: [number, number][] = [];
    cover.forEach((v, i) => {
      if (!passes(v)) return;
      const last = found.at(-1);
      if (last && last[1] === low + i - 1) last[1] = low + i;
      else found.push([low + i, low + i]);
    });
    return found;
  };
  const stacks = runs((v) => v >= enough)
    .filter(([from, to]) => to - from >= 3)
    .map(([from, to]) => ({
      low: from,
      high: to,
      strength: Math.max(...cover.slice(from - low, to - low + 1)),
      nEff: distinct(
        layers.filter(
          ({ val, vah }) => Math.min(vah, to) - Math.max(val, from) + 1 >= (to - from + 1) / 2,
        ),
      ),
    }))
    .filter(({ nEff }) => nEff >= 2);
  return { stacks, gaps: runs((v) => v === 0).map(([from, to]) => ({ low: from, high: to })) };
}

function clustersOf(layers: readonly Layer[], sessions: readonly FileSession[]) {
  const widths = layers.map(({ val, vah }) => vah - val).sort((a, b) => a - b);
  const half = widths.length / 2;
  const median = (widths[Math.ceil(half) - 1]! + widths[Math.floor(half)]!) / 2;
  const distance = Math.max(4, 0.05 * median);
  const edges = layers
    .flatMap(({ val, vah, poc }, i) =>
      (
        [
          ['val', val],
          ['vah', vah],
          ['poc', poc],
        ] as const
      ).map(([kind, price]) => ({ kind, price, i })),
    )
    .sort((a, b) => a.price - b.price);
  const found: (typeof edges)[] = [];
  for (const [i, edge] of edges.entries()) {
    if (i > 0 && edge.price - edges[i - 1]!.price <= distance) found.at(-1)!.push(edge);
    else found.push([edge]);
  }
  return found
    .map((members) => {
      const places = [...new Set(members.map(({ i }) => i))];
      const strength = members.reduce((sum, { i }) => sum + weightOf(layers, i), 0);
      const mean =
        members.reduce((sum, { i, price }) => sum + weightOf(layers, i) * price, 0) / strength;
      const price = Math.round(mean);
      const age = layers.length - 1 - Math.max(...places);
      const kinds = new Set(members.map(({ kind }) => kind));
      return {
        price,
        strength,
        dates: places.length,
        nEff: distinct(places.map((place) => layers[place]!)),
        type: kinds.size === 1 ? [...kinds][0] : 'mixed',
        age,
        tested: sessions
          .slice(sessions.length - age)
          .some((s) => s.low - 1 <= price && price <= s.low + s.volumes.length),
      };
    })
    .filter(({ dates, nEff }) => dates >= 3 && nEff >= 2);
}

function complete(run: NodeRun, session: FileSession): void {
  const { tradeDate, low, close, volume, volumes } = session;
  run.day(tradeDate);
  run.event('16:00', 'completed', {
    tradeDate,
    low: low / 4,
    close: close / 4,
    volume,
    rows: { low: low / 4, volumes, bidVolumes: [], askVolumes: [] },
    short: false,
    holiday: false,
    approximate: true,
    contract: null,
  });
}

const inTicks = <T extends Value>(value: T): T => ({
  ...value,
  val: value.val * 4,
  vah: value.vah * 4,
  poc: value.poc * 4,
});
const rounded = <T extends { strength: number }>(list: readonly T[]): T[] =>
  list.map((one) => ({ ...one, strength: Math.round(one.strength * 1e9) / 1e9 }));

type Row = Readonly<Record<string, never>> & {
  composites: (Value & { sessions: string[]; state: string; label: string })[];
  candidate: string | null;
  archive: (Value & { sessions: string[] })[];
  stacks: { low: number; high: number; strength: number; nEff: number }[];
  gaps: { low: number; high: number }[];
  clusters: { price: number; strength: number }[];
};

describeWithData(
  'composites by overlap and stacks on real bars',
  ['expected/composites.json', ...files.map((file) => `minute/${file}.csv.gz`)],
  () => {
    const expected = JSON.parse(readShared('expected/composites.json')) as Record<
      string,
      { rth: Record<string, { sessions: string[] }> }
    >;

    it.each(files)('equal those of the plainest algorithm after every session: %s', (file) => {
      const names = [
        ...new Set(Object.values(expected[file]!.rth).flatMap(({ sessions }) => sessions)),
      ].sort();
      expect(names).toHaveLength(lengths[file]!);
      const bars = barsOf(readShared(`minute/${file}.csv.gz`));
      const sessions = names.map((name) => sessionOf(bars, name));
      const run = driveNode(plugin, { tradeDate: names[0]!, explain: false });
      const seen = { candidates: 0, stacks: 0, clusters: 0 };
      sessions.forEach((session, i) => {
        complete(run, session);
        const row = run.emits.filter((e) => e.port === 'stack').at(-1)!.payload as unknown as Row;
        const known = sessions.slice(0, i + 1);
        const { groups, candidate } = mergeAll(known);
        expect(row.composites.map(inTicks), session.tradeDate).toEqual(
          groups.map(({ val, vah, poc, members, frozen }, place) => ({
            label: String.fromCharCode(65 + place),
            val,
            vah,
            poc,
            sessions: members.map(({ tradeDate }) => tradeDate),
            state: frozen ? 'frozen' : 'building',
          })),
        );
        expect(row.candidate).toBe(candidate?.tradeDate ?? null);
        const layers = archiveOf(known);
        expect(
          row.archive.map(inTicks).map(({ val, vah, poc, sessions: inside }) => ({
            val,
            vah,
            poc,
            names: inside,
          })),
        ).toEqual(layers);
        const own = layers.length < 10 ? { stacks: [], gaps: [] } : stacksOf(layers);
        const ranges = row.stacks.map((s) => ({ ...s, low: s.low * 4, high: s.high * 4 }));
        expect(rounded(ranges), session.tradeDate).toEqual(rounded(own.stacks));
        expect(row.gaps.map(({ low, high }) => ({ low: low * 4, high: high * 4 }))).toEqual(
          own.gaps,
        );
        const clusters = layers.length < 10 ? [] : clustersOf(layers, known);
        const prices = row.clusters.map((one) => ({ ...one, price: one.price * 4 }));
        expect(rounded(prices), session.tradeDate).toEqual(rounded(clusters));
        if (row.candidate !== null) seen.candidates += 1;
        seen.stacks += row.stacks.length;
        seen.clusters += row.clusters.length;
      });
      expect(run.errors).toEqual([]);
      // Rows of fifteen sessions, packed, and thirty archived ones: what a checkpoint carries.
      expect(JSON.stringify(run.context).length).toBeLessThan(131_072);
      if (file === files[1]) {
        expect(seen.candidates).toBeGreaterThan(0);
        expect(seen.stacks).toBeGreaterThan(0);
        expect(seen.clusters).toBeGreaterThan(0);
      }
    });
  },
);
