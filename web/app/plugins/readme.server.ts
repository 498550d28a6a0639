import MarkdownIt from 'markdown-it';

/**
 * Markdown without HTML of its own, without pictures, and with links to plugins of this app alone: what a plugin's README
 * says can be read, and nothing in it does anything.
 */
const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image');

const pluginLink = /^(?:\.\.\/)?(?:plugins\/)?([a-z][a-z0-9-]*)\/(?:README\.md)?(?:#.*)?$/;
const { rules } = markdown.renderer;

// Anything but the README of a plugin leads nowhere here: its text stays.
markdown.normalizeLink = (address) => address.replace(pluginLink, '/plugins/$1');
markdown.validateLink = (address) => /^\/plugins\/[a-z0-9-]+$/.test(address);

// The page has its own title and its panel's, and a box that scrolls has to be reachable by keys.
const shifted = (tag: string): string => `h${Math.min(6, Number(tag.slice(1)) + 1)}`;
rules['heading_open'] = (tokens, i) => `<${shifted(tokens[i]?.tag ?? 'h2')}>`;
rules['heading_close'] = (tokens, i) => `</${shifted(tokens[i]?.tag ?? 'h2')}>\n`;
rules['table_open'] = () =>
  '<div class="table-box" role="region" aria-label="Table of the README" tabindex="0"><table>\n';
rules['table_close'] = () => '</table></div>\n';
// A column to the right is written as a style, which the content policy refuses.
const cellOf: typeof rules.text = (tokens, i) => {
  const { tag = 'td', attrs } = tokens[i] ?? {};
  const isRight = attrs?.some(([, value]) => String(value).includes('right')) ?? false;
  return isRight ? `<${tag} class="num">` : `<${tag}>`;
};
rules['th_open'] = cellOf;
rules['td_open'] = cellOf;
rules['fence'] = (tokens, i) => {
  const { info = '', content = '' } = tokens[i] ?? {};
  if (info.trim() === 'mermaid') return '<p class="muted">The states are drawn above.</p>\n';
  const text = markdown.utils.escapeHtml(content.trimEnd());
  return `<pre class="code" tabindex="0">${text}</pre>\n`;
};

/** Returns a README as HTML without its title; comments, which say what is generated, are left out. */
export function renderReadme(text: string): string {
  const body = text.replaceAll(/<!--[\s\S]*?-->/g, '').replace(/^\s*# .*\n/, '');
  return markdown.render(body);
}
