import { describe, expect, it } from 'vitest';
import { WireRates } from './wire-rates.ts';

describe('how much ports write', () => {
  it('is not known before there was time to measure, and then a rate of the last seconds', () => {
    const rates = new WireRates();
    const wrote = (port: string, times: number): void => {
      for (let i = 0; i < times; i += 1) rates.note(port);
    };
    wrote('tape.state', 50);
    expect(rates.read(0)).toEqual({});
    wrote('tape.state', 10);
    expect(rates.read(500)).toEqual({});
    expect(rates.read(1_000)).toEqual({ 'tape.state': 10 });
    wrote('eighty.signal', 1);
    expect(rates.read(2_000)).toEqual({ 'tape.state': 5, 'eighty.signal': 0.5 });
  });

  it('leaves out what fell silent, and begins anew after nobody asked for long', () => {
    const rates = new WireRates();
    rates.read(0);
    rates.note('tape.state');
    expect(rates.read(1_000)).toEqual({ 'tape.state': 1 });
    for (let at = 2_000; at <= 9_000; at += 1_000) rates.read(at);
    expect(rates.read(9_500)).toEqual({});
    rates.note('tape.state');
    expect(rates.read(60_000)).toEqual({});
    expect(rates.read(61_000)).toEqual({});
  });
});
