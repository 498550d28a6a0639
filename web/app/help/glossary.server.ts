import text from '../../../GLOSSARY.md?raw';

/** One word, and what it means here. */
export interface GlossaryWord {
  readonly chapter: string;
  readonly word: string;
  readonly meaning: string;
}

/** Reads the tables of a glossary: chapters are headings, each row a word and its meaning. */
export function readGlossary(markdown: string): readonly GlossaryWord[] {
  let chapter = '';
  return markdown.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) chapter = line.slice('## '.length).trim();
    const row = /^\| (.+?) \| (.+) \|$/.exec(line);
    const [, word = '', meaning = ''] = row ?? [];
    return row && word !== 'word' ? [{ chapter, word: plain(word), meaning: plain(meaning) }] : [];
  });
}

/** Marks of Markdown are for files; the page says the words. */
const plain = (marked: string): string => marked.replaceAll(/[`*]/g, '');

/** The glossary of the program, as it was when the pages were built. */
export const glossary = readGlossary(text);
