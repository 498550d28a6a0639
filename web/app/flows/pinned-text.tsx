import { useEffect, useRef, useState } from 'react';
import type { PinnedCase } from '#engine/inspect/pinned-case.ts';
import { useKept } from '../client/use-instrument.ts';

/** A case, or why there is none. */
export type PinAnswer = { readonly pinned: PinnedCase } | { readonly reason: string };

async function ask(path: string): Promise<PinAnswer> {
  try {
    const response = await fetch(path);
    if (!response.ok) return { reason: `the server answered ${response.status}` };
    return (await response.json()) as PinAnswer;
  } catch {
    return { reason: 'the server did not answer' };
  }
}

/** Hands a text to the browser as a file. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/yaml' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** How a case went that was run before it was handed over. */
function Verdict({ failures }: Pick<PinnedCase, 'failures'>) {
  if (failures.length === 0) return <p className="muted">✔ It holds against the flow that runs.</p>;
  return (
    <>
      <p className="field-wrong">✖ As it stands it does not hold against the flow that runs:</p>
      <ul>
        {failures.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <p className="muted">
        Tables are those of now, and conditions over time remember nothing in a case: change what is
        given.
      </p>
    </>
  );
}

/** The text of a case, to be copied or kept as a file. */
export function PinnedCaseText({
  flow,
  pinned: { text, failures },
}: {
  readonly flow: string;
  readonly pinned: PinnedCase;
}) {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('copied');
    } catch {
      setSaid('the browser does not let a page copy here: mark the text and copy it');
    }
  };
  const file = `${flow}-pinned.test.yaml`;
  return (
    <>
      <Verdict failures={failures} />
      <textarea
        className="num pinned-text"
        readOnly
        rows={10}
        wrap="off"
        aria-label="Test case"
        value={text}
      />
      <p className="muted">
        Put it under <code>cases:</code> of <code>{flow}.test.yaml</code>, or keep it as a file of
        its own beside the flow.
      </p>
      <p className="pinned-tools">
        <button type="button" onClick={() => void copy()}>
          Copy the case
        </button>{' '}
        <button
          type="button"
          onClick={() => download(file, `flow: ${flow}.flow.yaml\ncases:\n${text}`)}
        >
          Save as {file}
        </button>{' '}
        <span role="status">{said}</span>
      </p>
    </>
  );
}

/** Asks for a case of the last event of an in-port, and shows it. */
export function PinnedText({
  flow,
  node,
  port,
  close,
}: {
  readonly flow: string;
  readonly node: string;
  readonly port: string;
  readonly close: () => void;
}) {
  const [answer, setAnswer] = useState<PinAnswer | null>(null);
  const query = new URLSearchParams({ node, pin: port });
  const path = useKept(`/api/node-io?${query}`);
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    let isCurrent = true;
    void ask(path).then((made) => isCurrent && setAnswer(made));
    return () => {
      isCurrent = false;
    };
  }, [path]);
  useEffect(() => {
    if (answer) place.current?.scrollIntoView({ block: 'nearest' });
  }, [answer]);
  return (
    <section ref={place} className="pinned" aria-label={`Case of ${port}`} data-testid="pinned">
      <div className="field-head">
        <h3>Case of {port}</h3>
        <button type="button" className="link-button" onClick={close}>
          close
        </button>
      </div>
      {answer === null ? <p className="muted">Reading the journal…</p> : null}
      {answer !== null && 'reason' in answer ? (
        <p className="missing-reason">no case: {answer.reason}</p>
      ) : null}
      {answer !== null && 'pinned' in answer ? (
        <PinnedCaseText flow={flow} pinned={answer.pinned} />
      ) : null}
    </section>
  );
}
