import type { ComponentProps } from 'react';
import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { SaidLeaf } from '#engine/inspect/say-why.ts';
import type { DrawnChart } from '../../live/chart.ts';
import type { EdgeNear, MomentView } from '../../live/inspect.ts';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { Chart } from './chart.tsx';
import { Dwells } from './dwell.tsx';
import { EditOffer } from './edit-offer.tsx';
import type { EditView } from './edit-view.server.ts';
import { GuardsTable } from './guards-now.tsx';
import { PlayControls } from './play-controls.tsx';
import { MomentFacts, Params, ProbesThen } from './then.tsx';
import { MomentFrame } from './time-line.tsx';
import { Transitions } from './transitions.tsx';
import type { Play } from './use-play.ts';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const zone = 'America/New_York';
const ten = 1_763_564_400_000_000;
const second = 1_000_000;
const text = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const shown = (element: Parameters<typeof renderToString>[0]): string =>
  text(renderToString(<LiveStoreProvider store={new LiveStore()}>{element}</LiveStoreProvider>));

const missed: SaidLeaf = {
  ...{ verdict: 'missed', label: 'distance', had: '5', op: '<=', needed: '4' },
  ...{ by: '1 tick', error: null },
};
const moment: MomentView = {
  ...{ seq: 7, ts: ten, nextTs: null, behind: 0, isWhole: true, states: [] },
  price: { price: 6003.25, decimals: 2, ts: ten - second },
  revision: {
    ...{ hash: 'abc', version: '3.0.0', since: null, isNow: true, until: null, doubt: null },
  },
  step: {
    ...{ node: 'a', event: 'e', from: '', to: '', taken: [], candidates: [], emits: [] },
  },
};
const still: Play = {
  ...{ isPlaying: false, speed: 60, at: null, said: '', setSpeed: () => {}, toggle: () => {} },
};

describe('what else is known of a moment', () => {
  it('is its price with the time of the trade, and the flow', () => {
    const said = shown(<MomentFacts moment={moment} zone={zone} />);
    expect(said).toContain('6003.25 last trade 09:59:59');
    expect(said).toMatch(/version 3.0.0 \( *abc *\) *, the flow of now/);
  });

  it('is no number where there was no trade, and what took over where a flow did', () => {
    const revision = {
      ...{ hash: 'abc', version: null, since: null, isNow: false },
      ...{ until: { ts: ten + second, version: '3.1.0' }, doubt: 'changed between two runs' },
    };
    const price = { missing: 'no trade yet' };
    const said = shown(<MomentFacts moment={{ ...moment, price, revision }} zone={zone} />);
    expect(said).toContain('price then — no trade yet');
    expect(said).toContain('version 3.1.0 took over 10:00:01');
    expect(said).toContain('changed between two runs');
    expect(said).not.toContain('flow of now');
  });

  it('is what sensors stood at, with the minute, or that nothing is known', () => {
    const probe = { node: 'a', probe: 'volume', isReached: false };
    const probes = [
      { ...probe, ts: ten, text: 'volume reached 3 of 4 needed' },
      { ...probe, probe: 'share', ts: null, text: '' },
    ];
    const said = shown(<ProbesThen probes={probes} moment={moment} zone={zone} />);
    expect(said).toContain('volume reached 3 of 4 needed in the minute to 10:00:00');
    expect(said).toContain('share: no reading by then');
  });

  it('is its parameters, those that are others now first', () => {
    const fields = [
      { name: 'b', was: '1', now: null },
      { name: 'a', was: '2', now: '3' },
    ];
    const said = shown(<Params params={{ fields, unknown: null }} />);
    expect(said).toMatch(/a 2 3 b 1 the same/);
    expect(shown(<Params params={{ fields: [], unknown: 'not there' }} />)).toContain('not there');
  });
});

describe('a moment that plays', () => {
  it('has a button that says what it does, and is dead for now', () => {
    expect(renderToString(<PlayControls play={still} />)).toContain('play from this moment');
    const playing = renderToString(<PlayControls play={{ ...still, isPlaying: true }} />);
    expect(playing).toContain('aria-label="pause"');
    const now = renderToString(<PlayControls play={{ ...still, toggle: null }} />);
    expect(now).toContain('aria-disabled="true"');
    expect(text(now)).toMatch(/1 × 10 × 60 × 600 ×/);
  });

  it('says in its frame how fast it plays and where it is, and at its end that this is live', () => {
    const frame = (props: Partial<ComponentProps<typeof MomentFrame>>): string =>
      shown(
        <MomentFrame moment={moment} zone={zone} play={still} {...props}>
          body
        </MomentFrame>,
      );
    const play = { ...still, isPlaying: true, at: ten + 90 * second };
    expect(frame({ play })).toMatch(/REPLAY · VIEWING 10:00:00.*playing 60× *, at 10:01:30/);
    expect(frame({})).not.toContain('playing');
    expect(frame({ moment: null, play: { ...still, said: 'this is live' } })).toMatch(
      /this is live *body/,
    );
  });
});

const near: EdgeNear = { count: 3, ts: ten, seq: 5, shortfall: 0.02, missed: [missed] };
const choice = { id: 'idle:e:0', source: 'idle', target: 'on', event: 'e', why: 'near enough' };
const light = {
  ...{ state: 'idle', taken: null, asked: {} },
  counts: { 'idle:e:0': { fired: 0, blocked: 9, shadowed: 0, lastFired: null } },
  nears: { 'idle:e:0': near },
};

describe('near misses of a day', () => {
  it('stand on the edge: how many, and how little was missing at best', () => {
    const chart: DrawnChart = {
      ...{ width: 10, height: 10, boxes: [] },
      edges: [
        {
          ...{ key: 'k', kind: 'event', ids: ['idle:e:0', 'idle:e:1'], path: 'M0 0' },
          labelAt: { x: 0, y: 0 },
          labels: [{ ids: ['idle:e:0', 'idle:e:1'], event: 'e', condition: [], canMiss: true }],
        },
      ],
    };
    const nears = {
      ...light.nears,
      'idle:e:1': { ...near, count: 2, shortfall: 0.3, missed: [{ ...missed, by: '9 ticks' }] },
    };
    const said = shown(<Chart chart={chart} light={{ ...light, nears }} />);
    expect(said).toContain('✖ 9');
    expect(said).toContain('≈5 by 1 tick');
  });

  it('stand in the table with the time and what was missing', () => {
    const table = (isRead: boolean, nears: typeof light.nears | Record<string, never>) =>
      shown(
        <Transitions
          choices={[choice]}
          light={{ ...light, nears }}
          clock={{ zone, open: ten - second }}
          keep=""
          isRead={isRead}
        />,
      );
    expect(table(true, light.nears)).toMatch(
      /≈ *3 *10:00:00 *distance: had 5, needs &lt;= 4, missed by 1 tick/,
    );
    expect(table(true, {})).not.toContain('≈');
  });
});

describe('how long a machine was in its states', () => {
  it('counts the stay that lasts up to now, with units', () => {
    const dwells = [
      { path: 'idle', spent: 60 * second, since: null, countsFrom: null },
      { path: 'on', spent: 30 * second, since: ten - 90 * second, countsFrom: ten - 60 * second },
    ];
    const said = shown(
      <Dwells dwells={dwells} now={ten} open={ten - 150 * second} zone={zone} when="today" />,
    );
    expect(said).toMatch(/● *on *1 m 30 s *1 m 30 s *60.0 *% *idle *1 m 0 s *40.0 *%/);
    const unknown = <Dwells dwells={dwells} now={null} open={0} zone={zone} when="today" />;
    expect(shown(unknown)).not.toMatch(/\d/);
  });
});

describe('guards that are asked now', () => {
  it('say what they answer, against which event, and by how much', () => {
    const event = { type: 'e', ts: ten, seq: 5 };
    const now = {
      ...{ node: 'a', ts: ten + second, state: 'idle' },
      asked: {
        'idle:e:0': { event, verdict: 'refused', leaves: [missed], error: null },
        'idle:f:0': { event: null, verdict: 'no-event', leaves: [], error: null },
      },
    } as const;
    const choices = [choice, { ...choice, id: 'idle:f:0', event: 'f' }];
    const said = shown(<GuardsTable now={now} choices={choices} zone={zone} />);
    expect(said).toContain('asked at 10:00:01');
    expect(said).toMatch(/the last e *, *10:00:00/);
    expect(said).toMatch(/would be refused · distance: had 5, needs &lt;= 4, missed by 1 tick/);
    expect(said).toContain('no such event came yet');
  });
});

describe('the change of the flow for a what-if', () => {
  const view: EditView = {
    ...{ flow: 'f', file: 'f.flow.yaml', line: 7, before: '  min: 4', after: '  min: 3' },
    edit: { kind: 'set', path: ['nodes', 'a', 'with', 'min'], was: 4, is: 3 },
    ...{ text: '', sha: '', objection: null },
  };

  it('is shown as a line, and opened as a draft only', () => {
    const said = shown(<EditOffer view={view} />);
    expect(said).toMatch(/f.flow.yaml *, line *7 *- *min: 4 *\+ *min: 3/);
    expect(said).toContain('Open as a draft');
    expect(said).toContain('nothing is saved and nothing deployed');
    expect(shown(<EditOffer view={{ ...view, objection: 'min is at least 4' }} />)).toContain(
      'would refuse it: min is at least 4',
    );
  });

  it('says why there is none', () => {
    const said = shown(<EditOffer view={{ reason: 'it is computed' }} />);
    expect(said).toContain('No change of one number in the flow does this: it is computed');
    expect(said).not.toContain('Open');
  });
});
