import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderReadme } from './readme.server.ts';

describe('the README of a plugin as a page has it', () => {
  it('has headings below those of the page, lists, tables that scroll, and code as it stands', () => {
    const html = renderReadme(
      '# title\n\n## Rules\n\n- one *two* `three`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```yaml\na: <b>\n```\n',
    );
    expect(html).not.toContain('title');
    expect(html).toContain('<h3>Rules</h3>');
    expect(html).toContain('<li>one <em>two</em> <code>three</code></li>');
    expect(html).toContain('tabindex="0"><table>');
    expect(html).toContain('<pre class="code" tabindex="0">a: &lt;b&gt;</pre>');
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<div style="position:fixed">x</div>',
    '[x](javascript:alert(1))',
    '[x](https://evil.example/)',
    '[x](//evil.example/README.md)',
    '[x](data:text/html,x)',
    '![x](https://evil.example/x.png)',
    '<https://evil.example>',
    '[x](../vwap/README.md "\\" onclick=\\"alert(1)")',
    '```"><script>alert(1)</script>\nx\n```',
  ])('does nothing, whatever it says: %s', (text) => {
    const html = renderReadme(text);
    const tags = [...html.matchAll(/<([a-z0-9]+)((?:\s[^>]*)?)>/g)];
    for (const [, tag = '', more = ''] of tags) {
      expect(['p', 'a', 'code', 'pre']).toContain(tag);
      if (tag === 'a') expect(more).toMatch(/^ href="\/plugins\/vwap"/);
      expect(more.replaceAll(/"[^"]*"/g, '')).not.toMatch(/\son[a-z]+=|style=|src=/);
    }
  });

  it('leads to other plugins', () => {
    expect(renderReadme('[VWAP](../vwap/README.md#limits)')).toContain('href="/plugins/vwap"');
  });

  it('reads every README of this project without a rest of Markdown or HTML', () => {
    const files = globSync('plugins/*/README.md', { cwd: `${import.meta.dirname}/../../..` });
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const html = renderReadme(readFileSync(`${import.meta.dirname}/../../../${file}`, 'utf8'));
      expect(html, file).toContain('<h3>');
      expect(html, file).not.toMatch(/&lt;!--|^## |<h1>|style=/m);
    }
  });
});
