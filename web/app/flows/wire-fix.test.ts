import { describe, expect, it } from 'vitest';
import type { FixableLint, PluginFact } from '#engine/cli/desk.ts';
import { pluginFact } from '#engine/cli/plugin-facts.ts';
import { compileWithDoubles, registryOfDoubles } from '#engine/flow/plugin-doubles.ts';
import type { EditorFacts } from './completion.ts';
import { applyChange } from './patch.ts';
import { withWireFixes } from './wire-fix.ts';

const plugins: readonly PluginFact[] = registryOfDoubles()
  .all()
  .map((plugin) => pluginFact(plugin, []));
const facts: EditorFacts = { schema: {}, plugins, topics: [], contracts: {} };
const head =
  'flow: x\nversion: 1.0.0\ninstruments: [ES]\nsources:\n  tape: { use: simulator@^1 }\nnodes:\n';
const profile = '  profile:   # value\n    use: volume-profile@^1\n';

function mended(body: string): string {
  const text = `${head}${body}`;
  const lints = compileWithDoubles(text).lints.map(
    (lint): FixableLint => ({ ...lint, quickFix: null }),
  );
  const [first] = withWireFixes(text, lints, facts).flatMap(({ quickFix }) => quickFix ?? []);
  return first ? applyChange(text, first).slice(head.length) : 'no fix';
}

describe('a port that nobody wired', () => {
  it.each([
    ['of the market, in a line', profile, `${profile}    in: { market: tape }\n`],
    [
      'of a contract, inside braces',
      `${profile}    in: { market: tape }\n  cva: { use: composite-value-area@^1 }   # five\n`,
      `${profile}    in: { market: tape }\n  cva: { use: composite-value-area@^1, in: { completed: profile.completed } }   # five\n`,
    ],
  ])('is wired to what gives it: %s', (_, body, expected) => {
    expect(mended(body)).toBe(expected);
  });

  it('is left alone where nothing in the flow gives it', () => {
    expect(mended('  cva: { use: composite-value-area@^1 }\n')).toBe('no fix');
  });
});
