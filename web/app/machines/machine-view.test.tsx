import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { SaidLeaf } from '#engine/inspect/say-why.ts';
import type { MachinePage } from '../../inspect/machine-page.ts';
import type { DrawnChart } from '../../live/chart.ts';
import type { LogRow, MachineValue } from '../../live/inspect.ts';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { addressAt } from './address-at.ts';
import { Chart } from './chart.tsx';
import { firstMissed, Leaves } from './leaves.tsx';
import { MachineView } from './machine-view.tsx';
import { changedStates } from './state-words.ts';
import { distanceText } from './time-line.tsx';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const blank = {
  isFinal: false,
  isRegion: false,
  description: null,
  width: 90,
  height: 34,
  rows: [],
};
const chart: DrawnChart = {
  width: 400,
  height: 300,
  boxes: [
    { ...blank, kind: 'state', path: 'idle', title: 'idle', x: 10, y: 10 },
    { ...blank, kind: 'state', path: 'onePeriodIn', title: 'onePeriodIn', x: 10, y: 120 },
  ],
  edges: [
    {
      key: 'idle → onePeriodIn',
      kind: 'event',
      ids: ['idle:period:0'],
      path: 'M1 1 L1 2',
      labelAt: { x: 0, y: 0 },
      labels: [{ ids: ['idle:period:0'], event: 'period', condition: ['in value'], canMiss: true }],
    },
  ],
};
const leaf: SaidLeaf = {
  verdict: 'held',
  label: 'a',
  had: '2',
  op: '>=',
  needed: '1',
  by: null,
  error: null,
};
const page: MachinePage = {
  node: 'eighty',
  plugin: 'eighty-percent-rule',
  summary: 'The 80 % rule',
  zone: 'America/New_York',
  reading: null,
  moment: null,
  keys: null,
  line: null,
  tab: 'chart',
  hasMachine: true,
  chart,
  chartProblem: null,
  transitions: [
    {
      id: 'idle:period:0',
      source: 'idle',
      target: 'onePeriodIn',
      event: 'period',
      why: 'in value',
    },
  ],
  past: null,
  otherVersion: null,
  log: null,
  why: null,
  refusal: null,
};

function html(of: Partial<MachinePage>, value?: MachineValue): string {
  return renderToString(
    <LiveStoreProvider store={new LiveStore()}>
      <MachineView page={{ ...page, ...of }} value={value} facts={undefined} />
    </LiveStoreProvider>,
  );
}

const text = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('a machine that nothing is known of yet', () => {
  it('shows no number and claims no state', () => {
    const shown = text(html({ transitions: [] }));
    expect(shown).toContain('nothing is known of its state');
    expect(shown).not.toContain('not started');
    expect(shown.replaceAll('80 % rule', '').replaceAll('eighty-percent-rule', '')).not.toMatch(
      /\d/,
    );
  });

  it('is told from one that was not started', () => {
    const value: MachineValue = {
      state: '',
      timers: [],
      probes: [],
      quarantined: false,
      taken: null,
      countedTo: null,
      reading: null,
      counts: {},
      asked: {},
      nears: {},
      dwells: [],
    };
    expect(text(html({}, value))).toContain('not started');
  });

  it('says how far its journal is read', () => {
    expect(text(html({ reading: { read: 1_200, all: 24_000 } }))).toContain('1,200 of 24,000');
  });

  it.each([
    ['seq', 'No machine of the flow has changed its state yet'],
    ['log', 'this machine has done nothing yet'],
    ['context', 'the machine was not started yet'],
  ] as const)('%s says why it is empty', (tab, words) => {
    const log = { rows: [], looked: 0, hidden: 0, older: null };
    expect(text(html({ tab, log }))).toContain(words);
  });

  it('of a node without statechart says so, and where to read on', () => {
    expect(html({ hasMachine: false, chart: null })).toContain('/plugins/eighty-percent-rule');
    expect(text(html({ hasMachine: false, chart: null }))).toContain('no statechart');
  });

  it('shows the transitions where the chart could not be laid out, and says why', () => {
    const shown = html({ chart: null, chartProblem: 'it took too long' });
    expect(text(shown)).toContain('could not be laid out: it took too long');
    expect(text(shown)).toContain('idle → one period in');
  });

  it('says what a question was refused for', () => {
    expect(html({ tab: 'why', refusal: "'soon' is no time" })).toMatch(
      /role="alert"[^>]*>.*is no time/,
    );
  });
});

describe('a chart', () => {
  const light = {
    state: 'onePeriodIn',
    taken: { ids: ['idle:period:0'], seq: 7, ts: 1 },
    counts: { 'idle:period:0': { fired: 2, blocked: 4_812, shadowed: 0, lastFired: 1 } },
    asked: {},
    nears: {},
  };
  const shown = renderToString(<Chart chart={chart} light={light} />);

  it('rings the active state with a glyph, and no other', () => {
    expect(shown.match(/is-active/g)).toHaveLength(1);
    expect(text(shown)).toContain('● one period in');
  });

  it('shows the last edge taken, and how often each was taken and refused', () => {
    expect(shown).toContain('chart-edge-event is-taken');
    expect(text(shown).replaceAll(' ', '')).toContain('✔2✖4,812');
  });
});

describe('the transitions of a machine', () => {
  const asked = {
    ts: 1_763_564_400_000_000,
    seq: 5,
    verdict: 'guard-blocked',
    leaves: [
      leaf,
      { ...leaf, verdict: 'missed', label: 'two periods', had: '1', needed: '2', by: '1 period' },
    ],
    isThisStay: true,
  } as const;
  const value = (state: string, isThisStay: boolean): MachineValue => ({
    state,
    timers: [],
    probes: [],
    quarantined: false,
    taken: null,
    countedTo: 9,
    reading: null,
    counts: {},
    asked: { 'idle:period:0': { ...asked, isThisStay } },
    nears: {},
    dwells: [],
  });
  /** What is seen without opening anything. */
  const seen = (markup: string): string =>
    text(markup.replaceAll(/<\/summary>.*?<\/details>/gs, '</summary></details>'));

  it('show in the row by how much the first comparison missed', () => {
    expect(seen(html({}, value('idle', true)))).toContain(
      'two periods: had 1, needs &gt;= 2, missed by 1 period',
    );
  });

  it('show nothing of an earlier stay where the machine listens now', () => {
    const shown = text(html({}, value('idle', false)));
    expect(shown).toContain('not asked since it is in this state');
    expect(shown).not.toContain('two periods');
  });

  it('show the last question, with its time, of states the machine is not in', () => {
    expect(seen(html({}, value('onePeriodIn', false)))).toMatch(/refused [^·]*10:00:00 · two/);
  });

  it('count nothing before the journal is read', () => {
    const unread = { ...value('idle', false), reading: { read: 1, all: 3 } };
    expect(html({}, unread)).toContain('not read yet');
    expect(html({}, value('idle', false))).not.toContain('not read yet');
  });
});

describe('the sequence', () => {
  const row = (seq: number): LogRow => ({
    seq,
    ts: seq,
    node: 'eighty',
    event: 'period',
    from: 'a',
    to: 'b',
    taken: [],
    isBlocked: false,
    count: 1,
    since: seq,
    cause: { kind: 'start', node: 'eighty', text: 'the start' },
  });
  const rows = Array.from({ length: 60 }, (_, i) => row(100 - i));

  it('leads on to what is older than it has room for', () => {
    const log = { rows, looked: 60, hidden: 0, older: null };
    // The newest 36 are drawn: 100 down to 65.
    expect(html({ tab: 'seq', log })).toContain('?before=64');
    expect(html({ tab: 'seq', log: { ...log, rows: rows.slice(0, 5), older: 7 } })).toContain(
      '?before=7',
    );
    expect(html({ tab: 'seq', log: { ...log, rows: rows.slice(0, 5) } })).not.toContain('older');
  });
});

describe('small parts', () => {
  it('name the first comparison that did not hold, in the order they were asked', () => {
    const leaves = [
      leaf,
      { ...leaf, verdict: 'missed' as const, label: 'b', by: '1 tick' },
      { ...leaf, verdict: 'missed' as const, label: 'c' },
    ];
    expect(firstMissed(leaves)).toBe(1);
    const shown = text(
      renderToString(<Leaves leaves={leaves} firstBlocker={firstMissed(leaves)} />),
    );
    expect(shown).toMatch(/b ← first blocker/);
    expect(shown.match(/first blocker/g)).toHaveLength(1);
    expect(shown).toContain('missed by 1 tick');
  });

  it('write distances in time, and keep the rest of an address', () => {
    expect([4e6, 97e6, 7_500e6, 4 * 86_400e6].map(distanceText)).toEqual([
      '4 s',
      '1 m 37 s',
      '2 h 5 m',
      '4 d',
    ]);
    const search = new URLSearchParams('tab=log&at=5&before=3');
    expect(addressAt(search, 9)).toBe('?tab=log&at=9');
    expect(addressAt(search, null)).toBe('?tab=log');
    expect(addressAt(new URLSearchParams('at=5'), null)).toBe('.');
  });

  it('tell the regions that changed from those that did not', () => {
    expect(changedStates('a.x,b.y', 'a.z,b.y')).toEqual({ from: 'a.x', to: 'a.z' });
    expect(changedStates('', 'a.x,b.y')).toEqual({ from: '', to: 'a.x,b.y' });
    expect(changedStates('a', 'a')).toEqual({ from: 'a', to: 'a' });
  });
});

describe('a moment before a changed flow took over', () => {
  const other = {
    ts: 1_763_564_531_000_000,
    version: '2.1.0',
    fate: 'reset',
    reason: 'its states are others',
    changes: ['sessions 5 → 4'],
  } as const;

  it('says that no chart is drawn, when that changed and why', () => {
    const shown = text(html({ chart: null, otherVersion: other }));
    expect(shown).toContain('Another machine ran then. This one began anew when version 2.1.0');
    expect(shown).toContain('10:02:11 (its states are others): sessions 5 → 4.');
    expect(shown).toContain('The chart of then is not kept, so none is drawn');
    expect(shown).not.toContain('● active');
  });

  it('draws the same machine, and says that it had other parameters', () => {
    const shown = text(html({ otherVersion: { ...other, fate: 'kept' } }));
    expect(shown).toContain('with other parameters. They changed when version 2.1.0');
    expect(shown).not.toContain('none is drawn');
    expect(shown).toContain('● active');
  });
});
