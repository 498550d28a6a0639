import { describe, expect, it } from 'vitest';
import { askedPage } from './asked-page.ts';

describe('where one goes after logging in', () => {
  it.each([
    '/',
    '/machines/eighty?at=40&instrument=NQ',
    '/help/codes',
    '/journal/2025-11-19',
    '/why?time=1763996400000000',
  ])('is the page that was asked for: %s', (asked) => {
    expect(askedPage(asked)).toBe(asked);
  });

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\\/evil.example',
    'https:evil.example',
    'https://evil.example/',
    'http:/evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%0d%0aSet-Cookie:a=b\r\nX: y',
    'evil.example',
    '',
    '/api/command',
    '/logout',
    '/assets/x.js',
    `/${'a'.repeat(2_000)}`,
    undefined,
    7,
    ['/flows', '//evil'],
  ])('is never elsewhere: %j', (asked) => {
    expect(askedPage(asked)).toBe('/');
  });
});
