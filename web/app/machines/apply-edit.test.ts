import { describe, expect, it } from 'vitest';
import { applyEdit } from './apply-edit.ts';

const text = `flow: f
params:
  least: { type: integer, default: 300 }   # of the tape
nodes:
  a:            # the first
    use: x@^1
    with: { min: 4, max: "\${param.least}" }
  b:
    use: y@^1
  c:
    machine:
      states:
        one: { on: { e: { when: ev.volume >= 400, to: two } } }
        two: { on: { e: { when: ev.size >= 5, to: one }, f: { when: ev.size >= 5, to: one } } }
`;
const set = (path: string, was: number, is: number) =>
  applyEdit(text, { kind: 'set', path: path.split('.'), was, is });
const replace = (was: string, is: string) => applyEdit(text, { kind: 'replace', was, is });

describe('a change of one number in a flow', () => {
  it('changes one line and keeps comments', () => {
    expect(set('nodes.a.with.min', 4, 3)).toEqual({
      text: text.replace('min: 4', 'min: 3'),
      line: 7,
      before: '    with: { min: 4, max: "${param.least}" }',
      after: '    with: { min: 3, max: "${param.least}" }',
    });
  });

  it('changes the parameter that stands in place of the number', () => {
    expect(set('nodes.a.with.max', 300, 250)).toMatchObject({
      line: 3,
      after: '  least: { type: integer, default: 250 }   # of the tape',
    });
    expect(set('params.least.default', 300, 250)).toMatchObject({ line: 3 });
  });

  it('writes a number that was left to its default as a line of its own', () => {
    expect(set('nodes.b.with.min', 4, 3)).toMatchObject({
      ...{ line: 10, before: '', after: '    with: { min: 3 }' },
    });
  });

  it('changes a condition that stands there once', () => {
    expect(replace('ev.volume >= 400', 'ev.volume >= 380')).toMatchObject({
      line: 13,
      after: '        one: { on: { e: { when: ev.volume >= 380, to: two } } }',
    });
  });

  it.each([
    [set('nodes.a.with.min', 5, 3), 'the file says 4 at nodes.a.with.min, and 5 is what runs'],
    [replace('ev.size >= 5', 'ev.size >= 4'), 'more than once'],
    [replace('ev.size >= 9', 'ev.size >= 4'), 'does not say'],
    [applyEdit(text, { kind: 'none', reason: 'no number' }), 'no number'],
  ])('says why it cannot', (found, words) => {
    expect('reason' in found ? found.reason : '').toContain(words);
  });
});
