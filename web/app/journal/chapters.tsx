import type { JournalDay, JournalEntry } from '#engine/cli/desk.ts';
import { usePlanTime } from '../client/use-plan-time.ts';
import { Chip, type ChipTone } from '../components/chip.tsx';
import { Link } from '../components/link.tsx';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { clockText, signed } from '../format.ts';

type Payload = JournalEntry['payload'];
type Chapter = JournalEntry['chapter'];

/** What a chapter needs of the day. */
export interface ChapterProps {
  readonly day: JournalDay;
  readonly zone: string;
  readonly decimals: number;
}

const textOf = (payload: Payload, field: string): string => {
  const value = payload[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

function Price({
  payload,
  field,
  decimals,
}: {
  readonly payload: Payload;
  readonly field: string;
  readonly decimals: number;
}) {
  const value = payload[field];
  return typeof value === 'number' ? <>{value.toFixed(decimals)}</> : <>—</>;
}

function Side({ payload }: { readonly payload: Payload }) {
  const side = payload['side'];
  if (side === 'long') return <span className="buy">▲ long</span>;
  if (side === 'short') return <span className="sell">▼ short</span>;
  return <span className="muted">—</span>;
}

/** The machine as it was when it wrote a record. */
function machineThen(node: string, ts: number): string {
  return `/machines/${node}?time=${ts}`;
}

/** The records of some chapters, or why there are none. */
function entriesOf(day: JournalDay, ...chapters: readonly Chapter[]): readonly JournalEntry[] {
  return day.entries.filter(({ chapter }) => chapters.includes(chapter));
}

function Empty({
  day,
  chapter,
  plugin,
  reason,
}: {
  readonly day: JournalDay;
  readonly chapter: Chapter;
  readonly plugin: string;
  readonly reason: string;
}) {
  if (day.chapters.includes(chapter)) return <Missing reason={reason} />;
  return (
    <p className="missing-reason">
      Not in this flow. <Link to={`/plugins/${plugin}`}>{plugin}</Link> would provide it.
    </p>
  );
}

/** Whether the plan was right, as far as that can be told. */
function Verdict({
  what,
  value,
  unknown,
}: {
  readonly what: string;
  readonly value: unknown;
  readonly unknown: string;
}) {
  const [tone, text]: readonly [ChipTone, string] =
    value === true
      ? ['ok', 'as planned']
      : value === false
        ? ['caution', 'not as planned']
        : ['plain', unknown];
  return (
    <Chip tone={tone}>
      {what} {text}
    </Chip>
  );
}

function ScenarioList({ payload }: { readonly payload: Payload }) {
  const scenarios = payload['scenarios'];
  if (!Array.isArray(scenarios) || scenarios.length === 0)
    return <p className="muted">No scenarios.</p>;
  return (
    <ul className="plain-list">
      {(scenarios as readonly Payload[]).map((scenario) => (
        <li key={textOf(scenario, 'id')}>
          <strong>{textOf(scenario, 'role') || textOf(scenario, 'id')}</strong>: if{' '}
          {textOf(scenario, 'if')}, {textOf(scenario, 'action')}
        </li>
      ))}
    </ul>
  );
}

function ScoreChips({ score }: { readonly score: Payload }) {
  return (
    <p className="chips" data-testid="score">
      <Verdict
        what={`session: ${textOf(score, 'realised')},`}
        value={score['conditionHit']}
        unknown="cannot be told"
      />
      <Verdict
        what={`bias ${textOf(score, 'bias')},`}
        value={score['biasHit']}
        unknown="nothing to compare, or too near to tell"
      />
    </p>
  );
}

/** The plan that was fixed at the open with what the session came to, or its newest version before that is known. */
export function PlanChapter({ day, zone }: ChapterProps) {
  const at = usePlanTime();
  const versions = entriesOf(day, 'plan');
  const score = entriesOf(day, 'score').at(-1)?.payload;
  const scored = versions.find(({ payload }) => payload['version'] === score?.['version']);
  const plan = scored ?? versions.at(-1);
  if (!plan)
    return (
      <Panel id="plan" title="Hypothesis and what came of it">
        <Empty
          day={day}
          chapter="plan"
          plugin="hypothesis"
          reason={
            day.isToday && at !== null
              ? `the plan is written at ${at}`
              : 'no plan was written on this day'
          }
        />
      </Panel>
    );
  const { payload } = plan;
  return (
    <Panel id="plan" title="Hypothesis and what came of it">
      <div className="prose" data-testid="plan">
        <p>
          <strong>{textOf(payload, 'condition')}</strong>
        </p>
        <p>
          Version {textOf(payload, 'version')}
          {scored ? ', fixed at the open and compared with the session' : ''}: regime{' '}
          {textOf(payload, 'regime')}, bias {textOf(payload, 'bias')}.
        </p>
        <ScenarioList payload={payload} />
        <p className="muted">
          {versions.length} version{versions.length === 1 ? '' : 's'}:{' '}
          {versions
            .map(({ ts, payload: one }) => `${clockText(zone, ts)} ${textOf(one, 'reason')}`)
            .join(' · ')}
        </p>
      </div>
      {score ? <ScoreChips score={score} /> : null}
      {!score && day.chapters.includes('score') ? (
        <p className="muted">
          {day.isToday
            ? 'Compared with the session once it is over.'
            : 'No comparison with the session was written on this day.'}
        </p>
      ) : null}
    </Panel>
  );
}

const ends: Readonly<Record<string, ChipTone>> = {
  armed: 'plain',
  active: 'caution',
  fulfilled: 'ok',
  failed: 'plain',
};

/** What became of each expectation: its last word of the day. */
export function ExpectationChapter({ day, zone, decimals }: ChapterProps) {
  const latest = new Map<string, JournalEntry>();
  for (const entry of entriesOf(day, 'expectation'))
    latest.set(`${textOf(entry.payload, 'expectation')} ${textOf(entry.payload, 'side')}`, entry);
  return (
    <Panel id="expectations" title="Expectations and how they ended">
      {latest.size === 0 ? (
        <Empty
          day={day}
          chapter="expectation"
          plugin="value-shift"
          reason="none was armed on this day"
        />
      ) : (
        <ScrollTable
          label="Expectations"
          head={['last change', 'expectation', 'side', 'now', 'target', 'why']}
        >
          {[...latest.values()].map(({ ts, payload }) => (
            <tr key={`${textOf(payload, 'expectation')}${textOf(payload, 'side')}`}>
              <td className="num">{clockText(zone, ts)}</td>
              <th scope="row">{textOf(payload, 'expectation')}</th>
              <td>
                <Side payload={payload} />
              </td>
              <td>
                <Chip tone={ends[textOf(payload, 'status')] ?? 'plain'}>
                  {textOf(payload, 'status')}
                  {payload['failure'] === null ? '' : `: ${textOf(payload, 'failure')}`}
                </Chip>
              </td>
              <td className="num">
                <Price payload={payload} field="target" decimals={decimals} />
              </td>
              <td>{textOf(payload, 'reason')}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Panel>
  );
}

const results: Readonly<Record<string, ChipTone>> = {
  completed: 'ok',
  rejected: 'caution',
  expired: 'plain',
};

/** Setups that triggered, and where they ended. */
export function OutcomeChapter({ day, zone, decimals }: ChapterProps) {
  const outcomes = entriesOf(day, 'outcome');
  return (
    <Panel id="outcomes" title="Setups that triggered, and how they ended">
      {outcomes.length === 0 ? (
        <Empty
          day={day}
          chapter="outcome"
          plugin="eighty-percent-rule"
          reason={day.isToday ? 'none has ended yet' : 'none triggered and ended on this day'}
        />
      ) : (
        <ScrollTable
          label="Outcomes"
          head={['triggered', 'ended', 'setup', 'side', 'from', 'to', 'ticks', 'end']}
        >
          {outcomes.map(({ ts, node, payload }) => (
            <tr key={`${ts}${node}${textOf(payload, 'triggeredAt')}${textOf(payload, 'variant')}`}>
              <td className="num">{clockText(zone, Number(payload['triggeredAt']))}</td>
              <td className="num">{clockText(zone, ts)}</td>
              <th scope="row">
                <Link to={machineThen(node, ts)}>{textOf(payload, 'setup')}</Link>{' '}
                <span className="muted">{textOf(payload, 'variant')}</span>
              </th>
              <td>
                <Side payload={payload} />
              </td>
              <td className="num">
                <Price payload={payload} field="entry" decimals={decimals} />
              </td>
              <td className="num">
                <Price payload={payload} field="price" decimals={decimals} />
              </td>
              <td className="num">
                {typeof payload['resultTicks'] === 'number' ? signed(payload['resultTicks']) : '—'}
              </td>
              <td>
                <Chip tone={results[textOf(payload, 'result')] ?? 'plain'}>
                  {textOf(payload, 'result')}
                </Chip>
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
      {outcomes.length === 0 ? null : (
        <p className="muted meta">
          From trigger to end in ticks, without fills, costs or orders: nothing was traded.
        </p>
      )}
    </Panel>
  );
}

/** Signals and trade ideas, newest first. */
export function SignalChapter({ day, zone, decimals }: ChapterProps) {
  const signals = [...entriesOf(day, 'signal', 'idea')].reverse();
  return (
    <Panel id="signals" title={`Signals and trade ideas (${signals.length})`}>
      {signals.length === 0 ? (
        <Empty
          day={day}
          chapter="signal"
          plugin="absorption"
          reason={day.isToday ? 'none so far today' : 'none on this day'}
        />
      ) : (
        <ScrollTable label="Signals" head={['time', 'from', 'side', 'price', 'reason']}>
          {signals.map(({ ts, node, port, chapter, payload }, i) => (
            <tr key={`${ts}${node}${port}${signals.length - i}`}>
              <td className="num">{clockText(zone, ts)}</td>
              <th scope="row">
                <Link to={machineThen(node, ts)}>{node}</Link>
                {chapter === 'idea' ? <span className="muted"> idea</span> : null}
              </th>
              <td>
                <Side payload={payload} />
              </td>
              <td className="num">
                <Price
                  payload={payload}
                  field={typeof payload['entry'] === 'number' ? 'entry' : 'price'}
                  decimals={decimals}
                />
              </td>
              <td>{textOf(payload, 'reason')}</td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </Panel>
  );
}
