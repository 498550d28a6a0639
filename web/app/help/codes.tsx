import { useEffect, useState } from 'react';
import type { CodeFact } from '#engine/cli/desk.ts';
import { Chip } from '../components/chip.tsx';
import { SearchBox } from '../components/search-box.tsx';
import { holdsWords } from '../search.ts';

const levels: Readonly<Record<CodeFact['level'], string>> = {
  error: 'error of a run',
  lint: 'mistake in a flow',
  warning: 'warning about a flow',
};

/** Every code with its words, what it means and what to do; searched as one types. */
export function Codes({ codes }: { readonly codes: readonly CodeFact[] }) {
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    // A link to a code is followed before the list is there.
    const { hash } = window.location;
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView();
  }, []);
  const shown = codes.filter(({ code, say, doc }) => holdsWords([code, ...say, doc], wanted));
  return (
    <>
      <div className="page-head">
        <SearchBox
          label="Search codes"
          hint="code or words of a message"
          wanted={wanted}
          onChange={setWanted}
          shown={shown.length}
          total={codes.length}
        />
      </div>
      {shown.length === 0 ? (
        <p className="panel muted">No code and no message holds “{wanted}”.</p>
      ) : null}
      <ul className="codes" data-testid="codes">
        {shown.map(({ code, level, say, doc }) => (
          <li key={code} id={code} className="panel">
            <div className="panel-head">
              <h2 className="num">{code}</h2>
              <Chip>{levels[level]}</Chip>
            </div>
            <p>{doc}</p>
            <ul className="code-says">
              {say.map((text) => (
                <li key={text}>
                  <code>{text}</code>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </>
  );
}
