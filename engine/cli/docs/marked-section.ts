import { OrderflowError } from '../../errors.ts';

/**
 * Returns a document with what stands between `<!-- name -->` and `<!-- /name -->` replaced; the rest stays as it is.
 *
 * @throws {OF_DOCS_MARKER} when the two lines are not there, in this order.
 */
export function replaceSection(file: string, text: string, name: string, body: string): string {
  const begin = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from + 1);
  if (from < 0 || to < 0) {
    const was = from < 0 ? 'without the first' : 'without the second';
    throw new OrderflowError('OF_DOCS_MARKER', { file, name, was });
  }
  return `${text.slice(0, from)}${begin}\n${body.trimEnd()}\n\n${text.slice(to)}`;
}
