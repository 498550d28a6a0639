import { describe, expect, it } from 'vitest';
import { isOtherInstrument, otherInstrument, withInstrument } from './instrument.ts';

describe('the instrument in an address', () => {
  it.each([
    ['/', '/?instrument=NQ'],
    ['/machines/eighty', '/machines/eighty?instrument=NQ'],
    ['/?panel=regime&chrome=0', '/?panel=regime&chrome=0&instrument=NQ'],
    ['?at=7&tab=why', '?at=7&tab=why&instrument=NQ'],
    ['.', '.?instrument=NQ'],
    ['/help/codes#WF001', '/help/codes?instrument=NQ#WF001'],
    ['/why?instrument=ES', '/why?instrument=ES'],
  ])('is kept from page to page: %s', (to, kept) => {
    expect(withInstrument(to, 'NQ')).toBe(kept);
    expect(withInstrument(to, null)).toBe(to);
  });

  it('changes on the page that is shown, everything else as it was', () => {
    const page = { pathname: '/why', search: '?node=eighty&at=10:04&instrument=ES', ts: null };
    expect(otherInstrument(page, 'NQ')).toBe('/why?node=eighty&at=10%3A04&instrument=NQ');
  });

  it('keeps a moment of the past as a time: macrosteps are counted by each instrument for itself', () => {
    const page = { pathname: '/machines/eighty', search: '?at=4711&before=4700&tab=log', ts: 99 };
    expect(otherInstrument(page, 'NQ')).toBe('/machines/eighty?tab=log&time=99&instrument=NQ');
  });

  it('says when what was loaded is of another one', () => {
    const url = (to: string): URL => new URL(to, 'http://x');
    const between = (from: string, to: string): boolean =>
      isOtherInstrument({ currentUrl: url(from), nextUrl: url(to) });
    expect(between('/?instrument=ES', '/machines?instrument=NQ')).toBe(true);
    expect(between('/', '/?instrument=NQ')).toBe(true);
    expect(between('/?instrument=NQ', '/why?at=7&instrument=NQ')).toBe(false);
    expect(between('/', '/machines')).toBe(false);
  });
});
