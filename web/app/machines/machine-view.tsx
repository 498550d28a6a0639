import { useSearchParams } from '@remix-run/react';
import type { MachinePage, MachineTab } from '../../inspect/machine-page.ts';
import type { MachineValue, RunningTimer } from '../../live/inspect.ts';
import type { FactsValue } from '../../live/values.ts';
import { useLive } from '../client/use-live.tsx';
import { Chip } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { OldAge } from '../components/old-age.tsx';
import { clockText, grouped } from '../format.ts';
import { momentIn } from './address-at.ts';
import { Chart, type ChartLight } from './chart.tsx';
import { Context } from './context.tsx';
import { Dwells } from './dwell.tsx';
import type { EditView } from './edit-view.server.ts';
import { Guards } from './guards-now.tsx';
import { Log } from './log.tsx';
import { glyphOf, meaningOf, useStates } from './machine-list.tsx';
import { Reading } from './reading.tsx';
import { Probes, Sensors, Timers } from './sensors.tsx';
import { Sequence } from './sequence.tsx';
import { stateWords } from './state-words.ts';
import { distanceText } from './time-line.tsx';
import { Transitions } from './transitions.tsx';
import { VersionNote } from './version-note.tsx';
import { WhyTab } from './why-tab.tsx';

const tabNames: Readonly<Record<MachineTab, string>> = {
  chart: 'Chart',
  seq: 'Sequence',
  log: 'Log',
  context: 'Context',
  why: 'Why',
};

const tabs = Object.keys(tabNames) as MachineTab[];

function Tabs({ tab }: { readonly tab: MachineTab }) {
  const [search] = useSearchParams();
  return (
    <nav className="tabs" aria-label="Views of this machine">
      {tabs.map((name) => {
        const next = new URLSearchParams(momentIn(search));
        if (name !== 'chart') next.set('tab', name);
        const text = next.toString();
        return (
          <Link
            key={name}
            to={text === '' ? '.' : `?${text}`}
            aria-current={tab === name ? 'page' : undefined}
            preventScrollReset
          >
            {tabNames[name]}
          </Link>
        );
      })}
    </nav>
  );
}

const dark: ChartLight = { state: '', taken: null, counts: {}, asked: {}, nears: {} };

/** The state in words; that nothing is known of it is another thing than a machine that was not started. */
function State({ state, isLive }: { readonly state: string | null; readonly isLive: boolean }) {
  if (state === null)
    return (
      <Missing reason="nothing is known of its state yet, or the flow has no such node any more" />
    );
  return (
    <strong className={isLive ? 'live' : ''} data-testid="machine-state">
      {stateWords(state)}
    </strong>
  );
}

function Head({
  page,
  state,
  since,
  facts,
}: {
  readonly page: MachinePage;
  /** Null while nothing is known of the machine. */
  readonly state: string | null;
  readonly since: number | null;
  readonly facts: FactsValue | undefined;
}) {
  const { node, plugin, zone, moment } = page;
  const clock = useLive('clock');
  const listed = useStates(moment).get(node);
  const machine = facts?.machines.find((candidate) => candidate.node === node);
  const now = moment?.ts ?? clock?.now ?? null;
  return (
    <header className="machine-head">
      <h1>
        {node} <span className="muted">{plugin}</span>
      </h1>
      <p className="machine-state">
        <span aria-hidden="true">{glyphOf(machine, listed)}</span>{' '}
        <State state={state} isLive={moment === null} />{' '}
        {since === null ? null : (
          <span className="muted">
            since {clockText(zone, since)}
            {now === null ? '' : ` (${distanceText(now - since)})`}
          </span>
        )}
        {listed?.isOut ? <Chip tone="alarm">taken out of the flow</Chip> : null}
      </p>
      <p className="muted">{meaningOf(machine, state ?? '') ?? page.summary}</p>
    </header>
  );
}

/** The journal of the day is read: what it does not hold did not happen. */
function isDayRead(page: MachinePage, light: ChartLight, value: MachineValue | undefined): boolean {
  return light !== dark && page.reading === null && !value?.reading;
}

function Legend({ when }: { readonly when: string }) {
  return (
    <p className="muted meta">
      ● active · bold: taken last · ✔ taken and ✖ refused so often {when}, ≈ so often for want of
      little, and of how much the time least was missing · ↻ heard without leaving · dashed: timer
      or at once
    </p>
  );
}

interface PartProps {
  readonly page: MachinePage;
  readonly value: MachineValue | undefined;
}

function SensorPart({ page: { moment, past, zone }, value }: PartProps) {
  if (moment) return past && <Sensors past={past} moment={moment} zone={zone} />;
  return value ? <Probes probes={value.probes} /> : null;
}

function DwellPart({ page, value, when }: PartProps & { readonly when: string }) {
  const { moment, past, line, zone } = page;
  const now = useLive('clock')?.now ?? null;
  const machine = moment ? past : value;
  if (!machine || !line) return null;
  return (
    <Dwells
      dwells={machine.dwells}
      now={moment ? moment.ts : now}
      open={line.open}
      zone={zone}
      when={when}
    />
  );
}

/** The chart, what the sensor stands at, and the transitions as a table. */
function ChartTab({
  page,
  light,
  value,
}: {
  readonly page: MachinePage;
  readonly light: ChartLight;
  readonly value: MachineValue | undefined;
}) {
  const { chart, chartProblem, transitions, zone, moment, line } = page;
  const when = moment ? 'that day until then' : 'today';
  // The note above says why.
  if (!chart && page.otherVersion) return null;
  return (
    <>
      {chart ? <Chart chart={chart} light={light} /> : null}
      {chartProblem === null ? null : (
        <p className="error-box" role="alert">
          The chart could not be laid out: {chartProblem}. The table below is whole.
        </p>
      )}
      <Legend when={when} />
      <SensorPart page={page} value={value} />
      {moment ? null : <Guards node={page.node} choices={transitions} zone={zone} />}
      <Transitions
        choices={transitions}
        light={light}
        clock={{ zone, open: line?.open ?? 0 }}
        keep={moment ? `&at=${moment.seq}` : ''}
        isRead={isDayRead(page, light, value)}
      />
      <DwellPart page={page} value={value} when={when} />
    </>
  );
}

function Body({
  page,
  light,
  value,
  offer,
}: {
  readonly page: MachinePage;
  readonly light: ChartLight;
  readonly value: MachineValue | undefined;
  readonly offer: EditView | null;
}) {
  const { tab, zone, log, node } = page;
  switch (tab) {
    case 'chart':
      return <ChartTab page={page} light={light} value={value} />;
    case 'seq':
      return log && <Sequence log={log} zone={zone} node={node} />;
    case 'log':
      return log && <Log log={log} zone={zone} />;
    case 'context':
      return <Context node={node} past={page.past} zone={zone} />;
    case 'why':
      return <WhyTab page={page} offer={offer} />;
  }
}

/** A node whose sensor does all the work. */
function Chartless({ page }: { readonly page: MachinePage }) {
  const { node, plugin, summary } = page;
  return (
    <>
      <header className="machine-head">
        <h1>
          {node} <span className="muted">{plugin}</span>
        </h1>
      </header>
      <p>
        This node has no statechart: its sensor writes its records by itself. {summary}.{' '}
        <Link to={`/plugins/${plugin}`}>What the plugin does</Link>
      </p>
    </>
  );
}

/** What is lit and running, now or then. */
interface Shown {
  readonly light: ChartLight;
  readonly timers: readonly RunningTimer[];
  readonly reading: MachinePage['reading'];
}

function shownOf({ moment, past, reading }: MachinePage, value: MachineValue | undefined): Shown {
  const machine = moment ? past : value;
  return {
    light: machine ?? dark,
    timers: machine?.timers ?? [],
    reading: moment ? reading : (value?.reading ?? reading),
  };
}

function Freeze({ page, seq }: { readonly page: MachinePage; readonly seq: number | null }) {
  if (page.moment || seq === null) return null;
  return (
    <Link className="button" to={`?at=${seq}${page.tab === 'chart' ? '' : `&tab=${page.tab}`}`}>
      <span aria-hidden="true">▮▮</span> freeze at macrostep {grouped(seq)}
    </Link>
  );
}

/** The machine's state with what runs in it. */
function Top({ page, value, facts }: PartProps & { readonly facts: FactsValue | undefined }) {
  const { moment, zone, node } = page;
  const clock = useLive('clock');
  const since = useStates(moment).get(node)?.since ?? null;
  const { light, timers } = shownOf(page, value);
  const body = bodyClass(moment);
  return (
    <>
      <div className={`machine-top ${body}`}>
        <Head page={page} state={light === dark ? null : light.state} since={since} facts={facts} />
        {moment ? null : <OldAge />}
        <Freeze page={page} seq={value?.countedTo ?? null} />
      </div>
      <div className={body}>
        <Timers timers={timers} now={moment?.ts ?? clock?.now ?? null} zone={zone} />
      </div>
    </>
  );
}

/** What is of the past does not grow old. */
function bodyClass(moment: MachinePage['moment']): string {
  return moment ? '' : 'live-body';
}

/** What is known of one machine, now or then. */
export function MachineView({
  page,
  value,
  facts,
  offer = null,
}: {
  readonly page: MachinePage;
  readonly value: MachineValue | undefined;
  readonly facts: FactsValue | undefined;
  /** The change of the flow that a question came to. */
  readonly offer?: EditView | null;
}) {
  const { hasMachine, moment, zone, tab } = page;
  const { light, reading } = shownOf(page, value);
  if (!hasMachine) return <Chartless page={page} />;
  return (
    <>
      <Top page={page} value={value} facts={facts} />
      {page.otherVersion ? <VersionNote other={page.otherVersion} zone={zone} /> : null}
      <Tabs tab={tab} />
      <Reading reading={reading} />
      <section
        className={`tab-body ${tab === 'why' ? '' : bodyClass(moment)}`.trim()}
        aria-label={tabNames[tab]}
      >
        <Body page={page} light={light} value={value} offer={offer} />
      </section>
    </>
  );
}
