import type { LoaderFunctionArgs } from '@remix-run/node';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findInstrument } from '#engine/market/instrument.ts';
import { openMemoryLog } from '#kafka';
import { loader, type PriceHistory } from './api.history.ts';

const schema = z.object({ start: z.number() }).meta({ id: 'footprint-bar/1' });

async function answerWith(
  config: Readonly<Record<string, unknown>>,
  search = '',
): Promise<Response> {
  const plugin = { id: 'footprint', out: { bar: { kind: 'event', schema } } };
  const task = {
    graph: { name: 'made', nodes: [{ id: 'bars', config, plugin }] },
    log: openMemoryLog(),
    runner: { task: { instrument: findInstrument('ES') } },
  };
  const engine = { symbols: ['ES'], taskOf: () => task };
  const request = new Request(`http://x/api/history${search}`);
  const response = await loader({ request, context: { engine } } as unknown as LoaderFunctionArgs);
  return response;
}

async function historyWith(config: Readonly<Record<string, unknown>>): Promise<PriceHistory> {
  const response = await answerWith(config);
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

  it('is of an instrument of the flow', async () => {
    expect((await answerWith({}, '?instrument=ES')).status).toBe(200);
    expect((await answerWith({}, '?instrument=XX')).status).toBe(404);
  });
});
