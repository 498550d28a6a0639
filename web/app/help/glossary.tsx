import { useState } from 'react';
import { ScrollTable } from '../components/scroll-table.tsx';
import { SearchBox } from '../components/search-box.tsx';
import { holdsWords } from '../search.ts';
import type { GlossaryWord } from './glossary.server.ts';

/** Every word of the pages with its one meaning; searched as one types. */
export function Glossary({ glossary }: { readonly glossary: readonly GlossaryWord[] }) {
  const [wanted, setWanted] = useState('');
  const shown = glossary.filter(({ word, meaning }) => holdsWords([word, meaning], wanted));
  const chapters = [...new Set(shown.map(({ chapter }) => chapter))];
  return (
    <>
      <div className="page-head">
        <SearchBox
          label="Search the glossary"
          hint="a word, or words of its meaning"
          wanted={wanted}
          onChange={setWanted}
          shown={shown.length}
          total={glossary.length}
        />
      </div>
      {shown.length === 0 ? (
        <p className="panel muted">No word and no meaning holds “{wanted}”.</p>
      ) : null}
      {chapters.map((chapter) => (
        <section key={chapter} className="panel" aria-label={chapter}>
          <h2>{chapter}</h2>
          <ScrollTable label={`Words of ${chapter}`} head={['word', 'meaning']}>
            {shown
              .filter((entry) => entry.chapter === chapter)
              .map(({ word, meaning }) => (
                <tr key={word}>
                  <th scope="row">{word}</th>
                  <td>{meaning}</td>
                </tr>
              ))}
          </ScrollTable>
        </section>
      ))}
    </>
  );
}
