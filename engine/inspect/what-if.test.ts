import { describe, expect, it } from 'vitest';
import type { Leaf } from '../contracts/evidence.ts';
import type { Candidate, JournalRecord } from '../contracts/journal.ts';
import { type Comparison, isTrue, marginOf } from '../plugin/evidence.ts';
import { buyer, MadeRun } from './inspect-fixture.ts';
import type { WhyData } from './question.ts';
import { whatIf } from './what-if.ts';

function leaf(text: string, left: number, op: Comparison, right: number): Leaf {
  const sides = { left, op, right, margin: marginOf(left, op, right), unit: 'count' };
  return { text, ok: isTrue(left, op, right), ...sides };
}

/** A journal of one node in which one transition was asked; each macrostep is the leaves that were asked. */
function dataOf(
  steps: readonly { readonly leaves: readonly Leaf[]; readonly to?: string }[],
): WhyData {
  const records = steps.map(({ leaves, to = 'waiting' }, i) => {
    const isHeld = leaves.every(({ ok }) => ok);
    const candidate: Candidate = {
      transition: 'waiting:period:0',
      target: 'done',
      verdict: isHeld ? 'fired' : 'guard-blocked',
      leaves,
    };
    const made = { seq: i + 1, ts: i + 1, from: 'waiting', to, explain: [candidate] };
    return made as unknown as JournalRecord;
  });
  return {
    transitions: new Map([['node', []]]),
    journal: () => records,
  } as unknown as WhyData;
}

const ask = (data: WhyData, slack: number, text = 'periods in a row') =>
  whatIf(data, { node: 'node', transition: 'waiting:period:0', text, slack, from: 1, to: 99 });

const periods = (count: number): Leaf => leaf('periods in a row', count, '>=', 2);
const isFair = (ok: boolean): Leaf => ({ text: 'is fair', ok });
const held = { leaves: [periods(2), isFair(true)], to: 'done' };

describe('an easier condition', () => {
  it('lets pass what missed nothing else, and says which', () => {
    const data = dataOf([
      { leaves: [periods(0)] },
      { leaves: [periods(1), isFair(true)] },
      { leaves: [periods(1), isFair(false)] },
      held,
    ]);
    expect(ask(data, 1)).toEqual({
      text: 'periods in a row',
      op: '>=',
      unit: 'count',
      slack: 1,
      needed: 1,
      passes: [{ at: 2, seq: 2 }],
      stays: 1,
      unknown: 0,
      still: 2,
      held: 1,
    });
    expect(ask(data, 2)).toMatchObject({ needed: 0, passes: [{ seq: 2 }], unknown: 1, still: 1 });
  });

  it('claims nothing of conditions that were never asked, for guards stop at the first that decides', () => {
    const data = dataOf([{ leaves: [periods(1)] }, { leaves: [periods(1)] }, held]);
    expect(ask(data, 1)).toMatchObject({ passes: [], stays: 0, unknown: 2, held: 1 });
  });

  it('claims nothing where the guard never held: more conditions may follow', () => {
    const data = dataOf([{ leaves: [periods(1)] }]);
    expect(ask(data, 1)).toMatchObject({ passes: [], unknown: 1, held: 0 });
  });

  it('counts stays in a state beside evaluations', () => {
    const one = { leaves: [periods(1), isFair(true)] };
    const data = dataOf([one, one, held, one]);
    expect(ask(data, 1)).toMatchObject({ passes: [{ seq: 1 }, { seq: 2 }, { seq: 4 }], stays: 2 });
  });

  it('knows no needed number where it was another one each time', () => {
    const at = (level: number): Leaf => leaf('periods in a row', level - 1, '>=', level);
    const data = dataOf([{ leaves: [at(5)] }, { leaves: [at(7)] }]);
    expect(ask(data, 1)).toMatchObject({ needed: null, unknown: 2 });
  });

  it.each([
    ['a fact', [isFair(false)], 'is fair'],
    ['another kind', [leaf('window', 60, '==', 300)], 'window'],
    ['nothing of that name', [periods(1)], 'periods'],
  ])('is not there for %s', (_, leaves, text) => {
    expect(ask(dataOf([{ leaves }]), 1, text)).toBeNull();
  });

  it('says what the machine does with the looser number, on a run of its own', () => {
    const run = new MadeRun([{ id: 'buyer', plugin: buyer }]);
    run.send('10:00', 'buyer.offer', { price: 20_030 });
    run.send('10:01', 'buyer.offer', { price: 20_002 });
    run.send('10:02', 'buyer.offer', { price: 19_990 });
    const easing = {
      node: 'buyer',
      text: 'price offered',
      from: run.at('09:30'),
      to: run.at('11:00'),
    };
    const data = run.recording.history.data(true);
    const of = (slack: number) => whatIf(data, { ...easing, transition: 'looking:offer:1', slack });
    expect(of(2)).toMatchObject({ op: '<=', needed: 20_002, held: 1, still: 1 });
    expect(of(2)?.passes.map(({ at }) => at)).toEqual([run.at('10:01')]);
    expect(of(1)?.passes).toEqual([]);
    expect(of(30)?.passes).toHaveLength(2);
  });
});
