import type { LoaderFunctionArgs } from '@remix-run/node';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findInstrument } from '#engine/market/instrument.ts';
import { openMemoryLog } from '#kafka';
import { loader, type PriceHistory } from './api.history.ts';

const schema = z.object({ start: z.number() }).meta({ id: 'footprint-bar/1' });

async function historyWith(config: Readonly<Record<string, unknown>>): Promise<PriceHistory> {
  const plugin = { id: 'footprint', out: { bar: { kind: 'event', schema } } };
  const engine = {
    graph: { name: 'made', nodes: [{ id: 'bars', config, plugin }] },
    log: openMemoryLog(),
    runner: { task: { instrument: findInstrument('ES') } },
  };
  const response = await loader({ context: { engine } } as unknown as LoaderFunctionArgs);
  return (await response.json()) as PriceHistory;
}

describe('the history of the price pane', () => {
  it('says how long the bars of the flow are', async () => {
    const { bars } = await historyWith({ barType: 'time', minutes: 1 });
    expect(bars).toEqual({ node: 'bars', port: 'bar', minutes: 1, rows: [] });
    expect((await historyWith({ barType: 'time' })).bars?.minutes).toBeNull();
  });

  it('has none where no node makes bars of time', async () => {
    expect((await historyWith({ barType: 'volume', minutes: 5 })).bars).toBeNull();
  });
});
