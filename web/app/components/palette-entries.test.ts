import { describe, expect, it } from 'vitest';
import type { ClockValue, FactsValue } from '../../live/values.ts';
import { findEntries, type PaletteFacts, paletteEntries } from './palette-entries.ts';

const machine = { node: 'eighty', plugin: 'eighty-percent-rule' };
const clock = {
  now: 1_000_000_000,
  next: [{ ts: 9_000_000_000, phase: 'rth-opening' }],
} as unknown as ClockValue;
const source = { canPace: true, state: 'running', pace: 60, jumpingTo: null, ageMs: 1 };
const made = {
  panels: [{ id: 'regime', title: 'Regime' }],
  instruments: [],
  facts: { machines: [machine] } as unknown as FactsValue,
  source,
  clock,
  isRefused: false,
} as PaletteFacts;

const texts = (facts: PaletteFacts, wanted = ''): string[] =>
  findEntries(paletteEntries(facts), wanted).map(({ text }) => text);

describe('the palette', () => {
  it('leads to panels, pages, machines and commands', () => {
    const entries = paletteEntries(made);
    const of = (text: string) => entries.find((entry) => entry.text === text)?.action;
    expect(of('Regime')).toEqual({ kind: 'panel', id: 'regime' });
    expect(of('Machines')).toEqual({ kind: 'go', to: '/machines' });
    expect(of('eighty')).toEqual({ kind: 'go', to: '/machines/eighty' });
    expect(of('Pause the market')).toEqual({ kind: 'command', body: { command: 'pause' } });
    expect(of('Speed 300×')).toEqual({ kind: 'command', body: { command: 'pace', pace: 300 } });
    expect(of('Speed 60×')).toBeUndefined();
    expect(of('Jump to the next event: RTH opens')).toEqual({
      kind: 'command',
      body: { command: 'jump', to: 8_880_000_000 },
    });
  });

  it('leads to each instrument, with its own address', () => {
    const to = '/machines?instrument=NQ';
    const entries = paletteEntries({ ...made, instruments: [{ symbol: 'NQ', to }] });
    const [found] = findEntries(entries, 'nq');
    expect(found).toMatchObject({ text: 'Instrument NQ', action: { kind: 'go', to } });
  });

  it('offers to go on while the market is paused', () => {
    const paused = { ...made, source: { ...source, state: 'paused' } } as PaletteFacts;
    expect(texts(paused)).toContain('Go on with the market');
    expect(texts(paused)).not.toContain('Pause the market');
  });

  it('offers a viewer, and a feed with a speed of its own, no command', () => {
    const viewer = { ...made, isRefused: true };
    const fixed = { ...made, source: { ...source, canPace: false } } as PaletteFacts;
    for (const facts of [viewer, fixed])
      expect(paletteEntries(facts).filter(({ action }) => action.kind === 'command')).toEqual([]);
  });

  it('finds by every word, in any order, what begins with them first', () => {
    expect(texts(made, 'percent eighty')).toEqual(['eighty']);
    expect(texts(made, 'ma')[0]).toBe('Machines');
    expect(texts(made, 'speed 6')).toEqual(['Speed 600×']);
    expect(texts(made, 'nothing of the kind')).toEqual([]);
  });

  it('has no two entries that look alike', () => {
    const all = paletteEntries(made).map(({ group, text }) => `${group} ${text}`);
    expect(new Set(all).size).toBe(all.length);
  });
});
