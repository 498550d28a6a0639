import { describe, expect, it } from 'vitest';
import type { AnyProcessor, PluginExample } from '../plugin/define-plugin.ts';
import { largeLot } from '../testing/large-lot.ts';
import { madeSource } from '../testing/made-flow.ts';
import { buyer } from './inspect-fixture.ts';
import { runPluginExample } from './plugin-example.ts';

const lot: PluginExample = {
  title: 'A lot of 101 is large',
  yaml: 'use: large-lot@^1\nwith: { minSize: 101 }\nin: { market: market }\n',
  feed: '- { at: "10:00", trade: { price: 5000, size: 101 } }\n- { advance: 1m }\n',
  expect: 'emits: [ { port: example.signal, payload: { price: 5000 } } ]\n',
};

const bought: PluginExample = {
  title: 'A cheap offer, confirmed',
  yaml: `use: buyer
in:
  offer: { from: seller.offered, where: it.price > price(1) }
  confirm: seller.agreed
  spoil: weather.rain
`,
  feed: '- { at: "10:00", emit: { seller.offered: { price: 4000 } } }\n- { advance: 1s, emit: { seller.agreed: {} } }\n',
  expect: 'emits: [ { port: example.bought, payload: { price: 4000 } } ]\n',
};

const run = (plugin: object, example: PluginExample): readonly string[] =>
  runPluginExample(plugin as AnyProcessor, example);

describe('runPluginExample', () => {
  it('runs an example wired to the market', () => {
    expect(run(largeLot, lot)).toEqual([]);
  });

  it('makes a neighbour of just the contract for each node an example is wired to', () => {
    expect(run(buyer, bought)).toEqual([]);
  });

  it.each<[string, object, PluginExample, string]>([
    [
      'an expectation that does not hold',
      largeLot,
      { ...lot, expect: 'never: [ example.signal ]' },
      `never: 'example.signal' expected nothing, was {"price":5000,"size":101}`,
    ],
    [
      'a mistyped parameter',
      largeLot,
      { ...lot, yaml: lot.yaml.replace('minSize', 'minSise') },
      "yaml line 2: WF001 'minSise' is no key of example; nearest: 'minSize'",
    ],
    [
      'a mistyped port',
      largeLot,
      { ...lot, expect: 'states: { example: quiet }\nnever: [ example.signl ]' },
      "expect line 2: WF090 'example.signl' is no out-port of flow 'example': expected <node>.<port>; nearest: 'example.signal'",
    ],
    [
      'a mistyped step',
      largeLot,
      { ...lot, feed: '- { at: "10:00" }\n- { advence: 1m }' },
      "feed line 2: WF090 'advence' is no key here: expected one of at, trade, quote, book, bar, emit, advance, day; nearest: 'advance'",
    ],
    ['YAML that is none', largeLot, { ...lot, yaml: 'use: { large' }, 'WF002 not YAML'],
    [
      'an in-port that is not wired',
      buyer,
      { ...bought, yaml: 'use: buyer\nin: { offer: a.b, confirm: a.c }' },
      "WF011 in-port 'spoil' of 'example' is not wired",
    ],
    [
      'a feed that does not fit a contract',
      buyer,
      { ...bought, feed: '- { emit: { seller.offered: { price: 0.1 } } }' },
      'OF_PRICE_OFF_GRID',
    ],
  ])('says %s in a sentence', (_, plugin, example, sentence) => {
    expect(run(plugin, example)[0]).toContain(sentence);
  });

  it('checks the YAML of a source and refuses to speak for it', () => {
    const source = madeSource(async () => {}, 'tape');
    const example: PluginExample = { title: 'A tape', yaml: 'use: tape@^1', feed: '', expect: '' };
    expect(run(source, example)).toEqual([]);
    expect(run(source, { ...example, yaml: 'use: tape@^2' })[0]).toContain('yaml line 1: WF001');
    expect(run(source, { ...example, feed: '- { at: "10:00" }' })[0]).toContain('expected no feed');
  });
});
