import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import type { SampledRecord, TopicFact, TopicList } from '#engine/cli/desk.ts';
import { formatBytes } from '#engine/cli/format-number.ts';
import { chosenOf } from '../chosen-task.server.ts';
import { usePolled } from '../client/use-polled.ts';
import { Missing } from '../components/missing.tsx';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { deskOf } from '../flows/desk.server.ts';
import { clockText, dateText, grouped } from '../format.ts';
import pages from '../styles/pages.css?url';
import { ratesOf, type TopicEnds } from '../topics/rates.ts';
import { readTopicReaders } from '../topics/readers.server.ts';
import { lagText, readingText, type TopicReading } from '../topics/readers.ts';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: pages }];
export const meta: MetaFunction = () => [{ title: 'Topics · OrderFlow' }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { engine } = context;
  return {
    list: { ...(await deskOf(context).topics()), readers: await readTopicReaders(context) },
    log: engine.log?.kind ?? null,
    zone: engine.graph?.zone ?? 'UTC',
    instrument: chosenOf(engine, request).live?.symbol ?? '',
  };
}

/** Topics with who reads them. */
interface ReadTopics extends TopicList {
  readonly readers: readonly TopicReading[];
}

const ways: Readonly<Record<TopicFact['way'], string>> = {
  in: 'read',
  out: 'written',
  other: 'of others',
};

function Samples({
  topic,
  instrument,
  zone,
}: {
  readonly topic: string;
  readonly instrument: string;
  readonly zone: string;
}) {
  const query = new URLSearchParams({ topic, instrument });
  const { value, problem } = usePolled<{ readonly records: readonly SampledRecord[] }>(
    `/api/topics?${query.toString()}`,
    1_000,
  );
  if (problem !== null) return <Missing reason={problem} />;
  if (!value) return <p className="muted">Reading…</p>;
  if (value.records.length === 0) return <Missing reason="no record yet, or all of them trimmed" />;
  return (
    <ul className="records" data-testid="samples">
      {value.records.map(({ offset, ts, schema, text }) => (
        <li key={offset}>
          <span className="num muted meta">
            #{offset} · {dateText(zone, ts)} {clockText(zone, ts)} · {schema}
          </span>
          <pre>{text}</pre>
        </li>
      ))}
    </ul>
  );
}

/** What the table cannot say by itself. */
function SizeNote({ list, log }: { readonly list: TopicList; readonly log: string | null }) {
  return (
    <p className="muted" data-testid="sizes">
      {log === 'kafka' ? 'Marks of transactions take offsets too: records are fewer. ' : ''}
      {list.files === null ? '' : `All topics together: ${formatBytes(list.files)} on disk. `}
      {list.reason === null ? '' : `Bytes of a topic are unknown: ${list.reason}.`}
    </p>
  );
}

/** How many records a topic has; of an instrument it has none of nothing is known. */
const endText = (end: number | undefined): string => (end === undefined ? '—' : grouped(end));

function TopicTable({
  topics,
  log,
  instrument,
  rates,
  readers,
  chosen,
  choose,
}: {
  readonly topics: readonly TopicFact[];
  readonly log: string | null;
  readonly instrument: string;
  /** Records per second, as text, by topic. */
  readonly rates: ReadonlyMap<string, string>;
  readonly readers: readonly TopicReading[];
  readonly chosen: string | null;
  readonly choose: (topic: string) => void;
}) {
  return (
    <ScrollTable
      label="Topics"
      head={[
        'topic',
        'way',
        'kind',
        'contract',
        log === 'kafka' ? 'offsets' : 'records',
        'per second',
        'lag',
        'bytes',
      ]}
    >
      {topics.map(({ topic, way, kind, contract, key, ends, bytes }) => (
        <tr key={topic} className={topic === chosen ? 'is-chosen' : ''}>
          <th scope="row">
            <button
              type="button"
              className="link-button num"
              aria-pressed={topic === chosen}
              onClick={() => choose(topic)}
            >
              {topic}
            </button>
          </th>
          <td>{ways[way]}</td>
          <td>
            {kind ?? '—'}
            {key === null ? '' : ` by ${key}`}
          </td>
          <td className="num">{contract ?? '—'}</td>
          <td className="num live">{endText(ends[instrument])}</td>
          <td className="num live">{rates.get(topic) ?? '—'}</td>
          <td className="num live">{lagText(readers, topic, instrument)}</td>
          <td className="num live">{bytes === null ? 'unknown' : formatBytes(bytes)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Who reads the log here, and how far behind each is. */
function Readers({ readers }: Pick<ReadTopics, 'readers'>) {
  if (readers.length === 0) return <Missing reason="no task is open yet, and there is no store" />;
  return (
    <>
      <ScrollTable label="Readers" head={['reader', 'topic', 'instrument', 'records behind', '']}>
        {readers.map((reading) => (
          <tr key={`${reading.reader} ${reading.topic} ${reading.instrument}`}>
            <th scope="row">{reading.reader}</th>
            <td className="num">{reading.topic ?? 'all'}</td>
            <td>{reading.instrument ?? 'all'}</td>
            <td className="num live">{readingText(reading)}</td>
            <td>{reading.why}</td>
          </tr>
        ))}
      </ScrollTable>
      <p className="muted meta">
        Of this process. Windows read no topic: they are told what was committed, and what that
        costs stands on Health. Inspector and journal read when somebody looks. Workers of a group
        tell their lag under /metrics, each of its own partitions.
      </p>
    </>
  );
}

export default function Topics() {
  const { list: first, log, zone, instrument } = useLoaderData<typeof loader>();
  const [chosen, setChosen] = useState<string | null>(null);
  const [readings, setReadings] = useState<readonly TopicEnds[]>([]);
  const { value, problem } = usePolled<ReadTopics>('/api/topics', 1_000, ({ topics }, at) =>
    setReadings((all) => [...all, { at, topics }].slice(-6)),
  );
  const list = value ?? first;
  const { topics } = list;
  const rates = ratesOf(readings, instrument);
  return (
    <>
      <div className="page-head">
        <h1>Topics</h1>
        <span className="muted">
          {log === null ? 'the log is not open yet' : `log: ${log}`} · once a second, a few records,
          never the whole stream
        </span>
        {problem === null ? null : (
          <span className="field-wrong">✖ {problem}: figures are old</span>
        )}
      </div>
      <div className="page-grid topics-grid">
        <Panel id="topics" title={`${topics.length} topics`}>
          <TopicTable
            topics={topics}
            log={log}
            instrument={instrument}
            rates={rates}
            readers={list.readers}
            chosen={chosen}
            choose={setChosen}
          />
          <SizeNote list={list} log={log} />
        </Panel>
        <Panel id="samples" title={chosen ?? 'Newest records'}>
          {chosen === null ? (
            <p className="muted">
              Choose a topic: its five newest records are shown, once a second.
            </p>
          ) : (
            <Samples topic={chosen} instrument={instrument} zone={zone} />
          )}
        </Panel>
        <Panel id="readers" title="Readers, and how far behind they are">
          <Readers readers={list.readers} />
        </Panel>
      </div>
    </>
  );
}
