import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePlugin } from '../plugin/define-plugin.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';

describe('who withheld an event of a sensor with several ports', () => {
  const offer = z.object({ price: z.number().int().meta({ unit: 'price' }) });

  /** Tells of lots of 100 and of steps of 10 ticks. */
  const watcher = (told: object) =>
    definePlugin({
      id: 'watcher',
      version: '1.0.0',
      api: 1,
      summary: 'Large lots and wide steps',
      config: z.object({}),
      in: { market: { kind: 'market', takes: ['trade'] } },
      out: {
        lot: { kind: 'event', schema: offer },
        step: { kind: 'event', schema: offer },
        open: { kind: 'event', schema: offer },
      },
      sensor: {
        slots: ['lot', 'step', 'last'],
        peaks: ['lot', 'step'],
        init: ({ f }) => f.fill(0),
        trade({ f }, _c, _ts, price, size) {
          f[0] = Math.max(f[0] ?? 0, size);
          f[1] = Math.max(f[1] ?? 0, f[2] === 0 ? 0 : Math.abs(price - (f[2] ?? 0)));
          f[2] = price;
        },
        probes: {
          size: ({ f }) => ({ value: f[0] ?? 0, needed: 100, unit: 'contract' }),
          width: ({ f }) => ({ value: f[1] ?? 0, needed: 10, unit: 'tick' }),
        },
        ...told,
      },
      examples: [],
    });

  /** Forty contracts and nine ticks: the step came nearer to what it needs than the lot did. */
  function asked(told: object, port: string) {
    const run = new MadeRun([
      { id: 'watcher', plugin: watcher(told) },
      { id: 'buyer', plugin: buyer, wires: { offer: `watcher.${port}` } },
    ]);
    run.trade('10:00:00', 24_000, 40);
    run.trade('10:00:20', 24_009, 40);
    run.to('10:04');
    return run.ask('buyer', { event: 'offer' }).upstream;
  }

  const withholds = { size: ['lot'], width: ['step'] };

  it.each([
    ['lot', 'size', 40],
    ['step', 'width', 9],
  ])('the threshold of the very port: %s', (port, probe, value) => {
    expect(asked({ withholds }, port)).toMatchObject({
      kind: 'probe',
      probe,
      value,
      text: "the sensor of 'watcher' stayed below its threshold",
    });
  });

  it('no threshold where none holds the port back', () => {
    expect(asked({ withholds }, 'open')).toMatchObject({ node: 'watcher', kind: 'silent' });
  });

  it('that it may be any, where the plugin does not tell', () => {
    const cause = asked({}, 'lot');
    expect(cause).toMatchObject({ kind: 'probe', probe: 'width' });
    expect(cause?.text).toContain('its plugin does not tell');
  });
});
