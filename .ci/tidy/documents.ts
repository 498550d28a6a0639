import { posix } from 'node:path';
import { lineAt, type Mess, type Rule, type Tree, withoutCode } from './tree.ts';

function documentsOf({ files }: Tree): readonly string[] {
  return files.filter((path) => path.endsWith('.md'));
}

/** Every document has one title, on its first line. */
const oneTitle: Rule = (tree) =>
  documentsOf(tree).flatMap((path): Mess[] => {
    const text = withoutCode(tree.text(path));
    const titles = [...text.matchAll(/^# .+$/gm)];
    if (titles.length === 1 && titles[0]!.index === 0) return [];
    const at = titles.find(({ index }) => index > 0) ?? titles[0];
    return [
      {
        path,
        line: at ? lineAt(text, at.index) : 1,
        rule: 'one-title',
        todo: `expected one '# Title' on the first line, was ${titles.length}`,
      },
    ];
  });

/** The anchor a heading has: lower case, spaces to hyphens, punctuation gone. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(text: string): ReadonlySet<string> {
  const plain = text.replace(/^```[^\n]*\n[\s\S]*?^```/gm, '');
  return new Set([...plain.matchAll(/^#+ (.+)$/gm)].map((found) => anchorOf(found[1]!)));
}

/** Returns what is wrong with a link, null when it leads somewhere. */
function brokenBy(tree: Tree, from: string, link: string): string | null {
  const [path = '', anchor] = link.split('#');
  const target =
    path === '' ? from : posix.normalize(posix.join(posix.dirname(from), decodeURIComponent(path)));
  const isFile = tree.files.includes(target);
  const isFolder = tree.files.some((file) => file.startsWith(`${target.replace(/\/$/, '')}/`));
  if (!isFile && !isFolder) return `'${target}' is not there`;
  if (anchor === undefined || !isFile || !target.endsWith('.md')) return null;
  return anchorsOf(tree.text(target)).has(anchor)
    ? null
    : `'${target}' has no heading '#${anchor}'`;
}

/** A relative link leads somewhere. */
const links: Rule = (tree) =>
  documentsOf(tree).flatMap((path) => {
    const text = withoutCode(tree.text(path));
    return [...text.matchAll(/\[[^\]]*\]\(([^)\s]+)[^)]*\)/g)].flatMap((found): Mess[] => {
      const link = found[1]!;
      if (/^[a-z]+:/.test(link)) return [];
      const broken = brokenBy(tree, path, link);
      return broken === null
        ? []
        : [
            {
              path,
              line: lineAt(text, found.index),
              rule: 'link',
              todo: `${broken}; correct the link`,
            },
          ];
    });
  });

/** The rules on Markdown documents. */
export const documentRules: readonly Rule[] = [oneTitle, links];
