import { describe, expect, it } from 'vitest';
import { findInstrument } from '../market/instrument.ts';
import { largeLot } from '../testing/large-lot.ts';
import { readFlowTest } from './flow-test-file.ts';
import { runFlowTestCase } from './flow-test-run.ts';
import { buyer, madeGraph } from './inspect-fixture.ts';

const nodes = [
  { id: 'lots', plugin: largeLot },
  { id: 'buyer', plugin: buyer, wires: { offer: 'lots.signal' } },
  { id: 'late', plugin: buyer, late: 'drop' as const },
];

/** A large lot at 10:00 that nobody answered, so that the buyer is offered it at 10:01. */
const feed = `
      - { at: "10:00", trade: { price: 5000, size: 150, side: sell } }
      - { at: "10:01:30", trade: { price: 5000.25, size: 5 } }`;

/** Runs a case; returns its failures as `path: sentence`. */
function run(expectation: string, { given = '', steps = feed, mocks = '[]' } = {}): string[] {
  const text = `flow: made.flow.yaml
cases:
  - name: a case
    given: { ${given} }
    mocks: ${mocks}
    feed: ${steps}
    expect: { ${expectation} }
`;
  const { test, lints } = readFlowTest('made.test.yaml', text);
  expect(lints).toEqual([]);
  const [plan] = test?.cases ?? [];
  if (!plan) throw new Error('no case');
  const { failures } = runFlowTestCase(madeGraph(nodes), findInstrument('ES'), plan);
  return failures.map((failure) => `${failure.path.join('.')}: ${failure.text}`);
}

describe('an expectation that holds says nothing', () => {
  it.each([
    'emits: [ { port: lots.signal, at: "10:01", payload: { price: 5000 } } ]',
    'emits: [ { port: lots.last, payload: { size: 150 } }, { port: lots.signal, payload: {} } ]',
    'never: [ buyer.bought ]',
    'states: { lots: quiet, buyer: watching.fresh }',
    'context: { buyer: { price: 20000 } }',
    'probes: { lots: { size: { value: 150, needed: 100, unit: contract } } }',
    'why: { node: buyer, event: offer, verdict: fired }',
    'why: [ { node: buyer, event: offer, verdict: never-arrived, to: "10:00:59" }, { node: buyer, event: confirm, verdict: never-arrived } ]',
    'why: { node: buyer, transition: "looking:offer:0", verdict: guard-blocked, blockedBy: price offered, margin: -4000 }',
    'why: { node: buyer, event: confirm, verdict: never-arrived, upstream: { kind: topic } }',
  ])('%s', (expectation) => {
    expect(run(expectation)).toEqual([]);
  });
});

describe('an expectation that does not hold is said in a sentence, with its place', () => {
  it.each([
    [
      'emits: [ { port: lots.signal, payload: { price: 5001 } } ]',
      `expect.emits.0: emits: 'lots.signal' expected {"price":5001}; the nearest differs in price expected 5001, was 5000`,
    ],
    [
      'emits: [ { port: lots.signal, at: "10:02" } ]',
      "expect.emits.0: emits: 'lots.signal' expected {} at 10:02; the nearest differs in its time",
    ],
    [
      'emits: [ { port: buyer.bought } ]',
      "expect.emits.0: emits: 'buyer.bought' expected {}; nothing (more) came from that port",
    ],
    [
      'emits: [ { port: lots.signal }, { port: lots.signal } ]',
      "expect.emits.1: emits: 'lots.signal' expected {}; nothing (more) came from that port",
    ],
    [
      'never: [ buyer.bought, lots.signal ]',
      `expect.never.1: never: 'lots.signal' expected nothing, was {"price":5000,"size":150}`,
    ],
    [
      'states: { buyer: looking }',
      "expect.states.buyer: states: 'buyer' expected looking, was watching.fresh",
    ],
    [
      'context: { buyer: { price: 1 } }',
      'expect.context.buyer: context: buyer.price expected 1, was 20000',
    ],
    [
      'probes: { lots: { size: { value: 151 } } }',
      'expect.probes.lots.size: probes: lots.size.value expected 151, was 150',
    ],
    [
      'why: { node: buyer, event: offer, verdict: guard-blocked }',
      "expect.why: why: 'buyer' offer: verdict expected guard-blocked, was fired",
    ],
    [
      'why: [ { node: buyer, transition: "looking:offer:0", verdict: guard-blocked, blockedBy: x } ]',
      "expect.why.0: why: 'buyer' looking:offer:0: blockedBy expected 'x', was 'price offered'",
    ],
    [
      'why: { node: buyer, transition: "looking:offer:0", verdict: guard-blocked, margin: -1 }',
      "expect.why: why: 'buyer' looking:offer:0: margin expected -1, was -4000",
    ],
    [
      'why: { node: buyer, event: confirm, verdict: never-arrived, upstream: { kind: probe } }',
      `expect.why: why: 'buyer' confirm: upstream.kind expected "probe", was "topic"`,
    ],
    [
      'why: { node: buyer, event: ofer, verdict: fired }',
      ": OF_WHY_TRANSITION node 'buyer' has no transition or event 'ofer'; nearest: 'offer'; expected one of: spoil, offer, after 60000, confirm",
    ],
  ])('%s', (expectation, sentence) => {
    expect(run(expectation)).toEqual([sentence]);
  });

  it('who won, when another transition did', () => {
    const steps = '[ { at: "10:00", emit: { lots.signal: { price: 800, size: 1 } } } ]';
    const shadowed = 'node: buyer, transition: "looking:offer:1", verdict: shadowed';
    expect(run(`why: { ${shadowed}, winner: "looking:offer:0" }`, { steps })).toEqual([]);
    expect(run(`why: { ${shadowed}, winner: "looking:offer:1" }`, { steps })).toEqual([
      "expect.why: why: 'buyer' looking:offer:1: winner expected looking:offer:1, was looking:offer:0",
    ]);
  });

  it('a node that threw fails a case, unless the case asks for it', () => {
    const steps = '[ { at: "10:00" }, { at: "10:01", emit: { test.input.buyer.spoil: {} } } ]';
    expect(run('states: { lots: quiet }', { steps })).toEqual([
      ": node 'buyer' was taken out of the flow: Unable to evaluate guard in transition for event 'spoil' in state node 'buyer': no such field",
    ]);
    expect(run('why: { node: buyer, event: spoil, verdict: error }', { steps })).toEqual([]);
  });
});

describe('what a case is given', () => {
  it('a state with its timers and a context begins in the middle', () => {
    const given = 'states: { buyer: { watching: fresh } }, context: { buyer: { price: 7 } }';
    const steps = '[ { at: "11:00" }, { advance: 59s } ]';
    expect(
      run('states: { buyer: watching.fresh }, context: { buyer: { price: 7 } }', { given, steps }),
    ).toEqual([]);
    expect(
      run('states: { buyer: looking }', { given, steps: '[ { at: "11:00" }, { advance: 60s } ]' }),
    ).toEqual([]);
    const dotted = given.replace('{ watching: fresh }', 'watching.fresh');
    expect(run('states: { buyer: watching.fresh }', { given: dotted, steps })).toEqual([]);
  });

  it('a mock does not run and is spoken for', () => {
    const steps = `[ { at: "10:00", trade: { price: 5000, size: 150 } }, { at: "10:02", emit: { lots.signal: { price: 4000, size: 1 } } } ]`;
    expect(
      run('never: [ lots.signal ], context: { buyer: { price: 16000 } }', {
        mocks: '[ lots ]',
        steps,
      }),
    ).toEqual([]);
  });

  it('a record that comes late is marked late', () => {
    const steps =
      '[ { at: "10:00" }, { at: "10:05" }, { at: "10:01", emit: { test.input.late.offer: { price: 1 } } } ]';
    expect(run('why: { node: late, event: offer, verdict: late-dropped }', { steps })).toEqual([]);
  });

  it('a trade date other than the ordinary one, and days that follow', () => {
    const steps =
      '[ { at: "18:00" }, { at: "10:00", trade: { price: 5000, size: 150 } }, { day: 2025-11-25, at: "09:00" } ]';
    const expectation =
      'emits: [ { port: lots.signal } ], why: { node: lots, event: lot.traded, verdict: never-arrived, from: "18:00" }';
    expect(run(expectation, { given: 'tradeDate: 2025-11-24', steps })).toEqual([]);
  });

  it('a step that cannot be done names itself', () => {
    expect(
      run('never: [ buyer.bought ]', {
        steps: '[ { at: "10:00" }, { at: "10:01", trade: { price: 5000.1, size: 1 } } ]',
      }),
    ).toEqual([
      "feed.1: OF_PRICE_OFF_GRID price: price of 'ES' expected a multiple of 0.25, was 5000.1; check the instrument or the file",
    ]);
    expect(run('never: [ buyer.bought ]', { steps: '[ { advance: 1 day } ]' })[0]).toContain(
      'feed.0: OF_TEST_DURATION',
    );
  });
});
