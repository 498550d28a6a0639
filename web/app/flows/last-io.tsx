import { useState } from 'react';
import type { NodeIo, PortIo } from '../../live/node-io.ts';
import { useKept } from '../client/use-instrument.ts';
import { useLive } from '../client/use-live.tsx';
import { usePolled } from '../client/use-polled.ts';
import { clockText, dateText, zoneWord } from '../format.ts';
import { PinnedText } from './pinned-text.tsx';

const everyMs = 1_000;

function When({ ts, zone }: { readonly ts: number | null; readonly zone: string }) {
  if (ts === null) return null;
  return (
    <span className="meta muted num live">
      {dateText(zone, ts)} {clockText(zone, ts)} {zoneWord(zone)}
    </span>
  );
}

function PortRow({
  io: { port, from, ts, value, note },
  zone,
  pin,
}: {
  readonly io: PortIo;
  readonly zone: string;
  /** Makes a case of it; null where none can be made. */
  readonly pin: (() => void) | null;
}) {
  return (
    <div className="field">
      <div className="field-head">
        <span>
          {port}
          {from === null ? null : <span className="faint"> ← {from}</span>}
        </span>
        {pin ? (
          <button type="button" className="link-button" onClick={pin}>
            pin<span className="hidden-visually"> the last event of {port} as a test case</span>
          </button>
        ) : null}
      </div>
      <When ts={ts} zone={zone} />
      {value === null ? null : (
        <output className="last-record num live">
          {Object.entries(value).map(([name, one]) => (
            <span key={name}>
              <span className="faint">{name}</span>{' '}
              {typeof one === 'string' ? one : JSON.stringify(one)}
            </span>
          ))}
        </output>
      )}
      {note === null ? null : <span className="missing-reason">{note}</span>}
    </div>
  );
}

/** Last event of each in-port and last record of each out-port; in-ports of machines can be made cases of. */
export function PortRows({
  io,
  zone,
  pin,
}: {
  readonly io: NodeIo;
  readonly zone: string;
  readonly pin: (port: string) => void;
}) {
  const canPin = (one: PortIo): boolean => io.hasMachine && one.kind !== 'market';
  return (
    <>
      <h3>Heard last</h3>
      {io.ins.length === 0 ? <p className="muted">Nothing is wired to it.</p> : null}
      {io.ins.map((one) => (
        <PortRow
          key={`${one.port} ${one.from}`}
          io={one}
          zone={zone}
          pin={canPin(one) ? () => pin(one.port) : null}
        />
      ))}
      <h3>Said last</h3>
      {io.outs.length === 0 ? <p className="muted">It has no out-port.</p> : null}
      {io.outs.map((one) => (
        <PortRow key={one.port} io={one} zone={zone} pin={null} />
      ))}
    </>
  );
}

/** What a node that runs heard and said last, read from the log once a second. */
export function LastIo({ flow, node }: { readonly flow: string; readonly node: string }) {
  const zone = useLive('facts')?.zone ?? 'UTC';
  const [pinned, setPinned] = useState<string | null>(null);
  const query = new URLSearchParams({ node });
  const path = useKept(`/api/node-io?${query}`);
  const { value, problem } = usePolled<{ readonly io: NodeIo | null }>(path, everyMs);
  return (
    <section aria-labelledby="last-title" data-testid="last-io">
      <h2 id="last-title">Last in and out, as it runs</h2>
      {problem === null ? null : (
        <p className="field-wrong">✖ {problem}: what stands here is old</p>
      )}
      {value === null ? <p className="muted">Reading…</p> : null}
      {value !== null && value.io === null ? (
        <p className="missing-reason">not in the flow that runs</p>
      ) : null}
      {value?.io ? <PortRows io={value.io} zone={zone} pin={setPinned} /> : null}
      {pinned === null ? null : (
        <PinnedText
          key={pinned}
          flow={flow}
          node={node}
          port={pinned}
          close={() => setPinned(null)}
        />
      )}
    </section>
  );
}
