import { useEffect, useRef, useState } from 'react';
import type { MachineThen, TableThen } from '../../live/inspect.ts';
import { useLive } from '../client/use-live.tsx';
import { Missing } from '../components/missing.tsx';
import { clockText, grouped } from '../format.ts';
import { Fields } from './fields.tsx';
import { Params } from './then.tsx';

type Row = Readonly<Record<string, unknown>>;

const form = 'in inside form: prices are ticks';

/** Tables as they were published last before the moment. */
export function Tables({
  tables,
  zone,
}: {
  readonly tables: readonly TableThen[];
  readonly zone: string;
}) {
  return tables.map(({ node, port, ts, rows }) => (
    <details key={`${node}.${port}`} className="twin" open={tables.length === 1}>
      <summary>
        {node}.{port}{' '}
        <span className="muted">
          {ts === null
            ? 'nothing published by then'
            : `as published at ${clockText(zone, ts)}${rows.length > 1 ? `, ${rows.length} rows` : ''}`}
        </span>
      </summary>
      {rows.map((row, i) => (
        <Fields
          // Rows of a table keep their order.
          // biome-ignore lint/suspicious/noArrayIndexKey: their place is what tells them apart
          key={i}
          row={row}
          before={null}
          zone={zone}
          label={rows.length > 1 ? `row ${i + 1}` : `${node}.${port}, prices as decimals`}
        />
      ))}
    </details>
  ));
}

/** The context of now, with what changed since the update before. */
function LiveContext({ node, zone }: { readonly node: string; readonly zone: string }) {
  const context = useLive(`context:${node}`);
  const seen = useRef<Row | null>(null);
  const [before, setBefore] = useState<Row | null>(null);
  useEffect(() => {
    if (!context) return;
    if (seen.current) setBefore(seen.current);
    seen.current = context;
  }, [context]);
  if (!context) return <Missing reason="the machine was not started yet" />;
  return (
    <Fields
      row={context}
      before={before}
      zone={zone}
      label={`Context now, ${form}; Δ marks the last update`}
    />
  );
}

/** What a machine remembers, against what it remembered before its last macrostep. */
export function Context({
  node,
  past,
  zone,
}: {
  readonly node: string;
  readonly past: MachineThen | null;
  readonly zone: string;
}) {
  if (!past) return <LiveContext node={node} zone={zone} />;
  const { own, context, before, tables, params } = past;
  if (!own) return <Missing reason="the machine was not started by then" />;
  return (
    <>
      <Fields
        row={context}
        before={before}
        zone={zone}
        label={`Context after macrostep ${grouped(own.seq)} (${own.event}, ${clockText(zone, own.ts)}), ${form}; Δ marks what it changed`}
      />
      <Params params={params} />
      <Tables tables={tables} zone={zone} />
    </>
  );
}
