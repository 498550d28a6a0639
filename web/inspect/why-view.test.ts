import { describe, expect, it } from 'vitest';
import { answerJson } from '#engine/cli/explain-text.ts';
import type { LiveWatch } from '#engine/cli/live-state.ts';
import { LiveTask } from '#engine/cli/live-task.ts';
import { readHistory } from '#engine/cli/log-history.ts';
import { JournalBook } from '#engine/inspect/journal-book.ts';
import { why } from '#engine/inspect/why.ts';
import type { StagedEpisode } from '#engine/plugin/define-plugin.ts';
import type { TaskRunner } from '#engine/runtime/runner.ts';
import { applyEdit } from '../app/machines/apply-edit.ts';
import type { AnswerView, FlowEdit } from '../live/why.ts';
import { graphOf, runOver, stage } from './staged-fixture.ts';
import { refusalOf, whyView } from './why-view.ts';

// Each detector stands in the flow twice: as it ought to be, and with one gate closed on purpose. The simulator stages
// episodes and says when; where the open one fires and the closed one does not, the gate is the true blocker.
const flow = `flow: staged
version: 1.0.0
instruments: [ES]
time: { zone: America/New_York }
sources:
  market: { use: simulator@^1, with: { seed: 3, depth: false } }
nodes:
  session: { use: session@^1, in: { market: market } }
  profile: { use: volume-profile@^1, in: { market: market } }
  cva: { use: composite-value-area@^1, in: { completed: profile.completed } }
  levels:
    use: key-levels@^1
    in: { market: market, prior: profile.prior, composite: cva.area, naked: profile.naked, phase: session.phase }
  absorb: { use: absorption@^1, in: { market: market, keyLevel: levels.level } }
  absorbMuch: { use: absorption@^1, with: { minVolume: 100000 }, in: { market: market, keyLevel: levels.level } }
  absorbNear: { use: absorption@^1, with: { nearLevelTicks: 0 }, in: { market: market, keyLevel: levels.level } }
  exhaust: { use: exhaustion@^1, with: { kinds: thin-extreme }, in: { market: market, level: levels.level } }
  exhaustThin: { use: exhaustion@^1, with: { kinds: thin-extreme, thinShare: 0 }, in: { market: market, level: levels.level } }
  exhaustNear: { use: exhaustion@^1, with: { kinds: thin-extreme, atLevel: true, levelTicks: 0 }, in: { market: market, level: levels.level } }
  eighty:
    use: eighty-percent-rule@^1
    with: { trigger: close2 }
    in: { market: market, period: profile.period, prior: profile.prior, phase: session.phase }
  eightyEarly:
    use: eighty-percent-rule@^1
    with: { trigger: close2, lastArm: "09:45" }
    in: { market: market, period: profile.period, prior: profile.prior, phase: session.phase }
  eightyWide:
    use: eighty-percent-rule@^1
    with: { trigger: close2, minWidthTicks: 1000 }
    in: { market: market, period: profile.period, prior: profile.prior, phase: session.phase }
  large:
    in: { absorb: absorb.signal }
    machine: &large
      initial: waiting
      states:
        waiting:
          on:
            absorb:
              - { when: { expr: ev.volume >= 100000, why: the attack is large }, to: seen }
        seen: { after: { 30m: { to: waiting } } }
  filtered:
    in: { absorb: { from: absorb.signal, where: it.volume >= 100000 } }
    machine: *large
  deaf:
    in: { absorb: absorb.signal, much: absorbMuch.signal }
    machine:
      initial: off
      states:
        off: { on: { much: { to: listening } } }
        listening: { on: { absorb: { to: off } } }
  beyond:
    in: { absorb: absorbMuch.signal }
    machine: *large
  slow:
    in: { absorb: absorb.signal }
    machine:
      initial: waiting
      states:
        waiting: { on: { absorb: { to: seen } } }
        seen: { after: { 23h: { to: waiting } } }
`;

const graph = graphOf(flow);
const { tape, truth } = await stage({
  seed: 3,
  days: 2,
  tradesPerDay: 60_000,
  stage: ['absorption', 'exhaustion', 'traverse'],
});
const { task, log } = await runOver(graph, tape);
const live = new LiveTask(graph, log, { task } as TaskRunner, {} as LiveWatch);
const text = (ts: number): string => String(ts);

async function answer(
  node: string,
  about: { readonly transition?: string; readonly event?: string },
  { from, to }: Pick<StagedEpisode, 'from' | 'to'>,
): Promise<AnswerView> {
  const { transition = null, event = null } = about;
  const asked = { node, transition, event, from: text(from), to: text(to), at: null };
  const view = await whyView(live, asked);
  if (!view.answer) throw new Error('a transition was asked about');
  return view.answer;
}

it('a range of more than seven days is refused before anything is read', async () => {
  const to = truth[0]?.to ?? 0;
  const range = { from: to - 7 * 86_400_000_000 - 1, to };
  await expect(answer('absorb', {}, range)).rejects.toThrow(/longer than seven days/);
});

/** A staged episode that the open detector found, with the time its signal may take. */
async function found(
  kind: string,
  node: string,
  transitions: readonly string[],
): Promise<{ readonly range: { from: number; to: number }; readonly transition: string }> {
  const graceUs = 600_000_000;
  for (const { from, to } of truth.filter((episode) => episode.kind === kind)) {
    const range = { from, to: to + graceUs };
    for (const transition of transitions)
      if ((await answer(node, { transition }, range)).verdict === 'fired')
        return { range, transition };
  }
  throw new Error(`no staged ${kind} was found by ${node}`);
}

const blocker = ({ leaves, firstBlocker }: AnswerView): string => leaves[firstBlocker]?.label ?? '';

describe('why not, of staged episodes', async () => {
  const absorbed = await found('absorption', 'absorb', ['quiet:effort:0']);
  const spent = await found('exhaustion', 'exhaust', [
    'low.quiet:lowSpent:0',
    'high.quiet:highSpent:0',
  ]);
  const crossed = await found('traverse', 'eighty', ['onePeriodIn:period:4']);
  const opened = await found('traverse', 'eighty', ['idle:opened:6', 'idle:opened:7']);

  it('1: too little volume: the probe of the sensor, with both numbers', async () => {
    const { verdict, upstream } = await answer('absorbMuch', absorbed, absorbed.range);
    expect(verdict).toBe('never-arrived');
    expect(upstream).toMatchObject({ node: 'absorbMuch', kind: 'probe' });
    expect(upstream?.text).toMatch(/volumeAtPrice reached \d{3,5} contracts of 100000 needed/);
  });

  it('2: no level near: the distance', async () => {
    const told = await answer('absorbNear', absorbed, absorbed.range);
    expect(told.verdict).toBe('guard-blocked');
    expect(blocker(told)).toMatch(/^distance to /);
    expect(told.leaves[told.firstBlocker]).toMatchObject({
      verdict: 'missed',
      op: '<=',
      needed: '0',
    });
  });

  it('3: an extreme that is not thin enough: the probe of the sensor', async () => {
    const { verdict, upstream } = await answer('exhaustThin', spent, spent.range);
    expect(verdict).toBe('never-arrived');
    expect(upstream?.text).toMatch(/thin reached .* of 100 % needed/);
  });

  it('4: an extreme away from every level: the level', async () => {
    const told = await answer('exhaustNear', spent, spent.range);
    expect(told.verdict).toBe('guard-blocked');
    expect(blocker(told)).toBe('a level lies near the extreme');
  });

  it('5: a trigger that came too late: its time, and by how much', async () => {
    const told = await answer('eightyEarly', crossed, crossed.range);
    expect(told.verdict).toBe('guard-blocked');
    expect(blocker(told)).toBe('time of the trigger');
    expect(told.leaves[told.firstBlocker]).toMatchObject({ op: '<=', needed: '09:45:00' });
    expect(told.leaves.filter(({ verdict }) => verdict === 'held')).not.toEqual([]);
  });

  it('6: a value area that is too narrow: the transition that won', async () => {
    const told = await answer('eightyWide', opened, opened.range);
    expect(told).toMatchObject({ verdict: 'shadowed', winner: 'idle:opened:4' });
  });

  it('7: a condition of the flow: its words and both sides', async () => {
    const told = await answer('large', { event: 'absorb' }, absorbed.range);
    expect(told.verdict).toBe('guard-blocked');
    expect(blocker(told)).toBe('the attack is large (ev.volume >= 100000)');
    expect(Number(told.leaves[0]?.had)).toBeGreaterThan(300);
  });

  it('8: a state that does not listen: where it would, and the way there', async () => {
    const told = await answer('deaf', { event: 'absorb' }, absorbed.range);
    expect(told).toMatchObject({
      verdict: 'not-listening',
      state: 'off',
      listensIn: ['listening'],
      route: ['off:much:0'],
    });
  });

  it('9: a wire that filters: the wire', async () => {
    const { verdict, upstream } = await answer('filtered', { event: 'absorb' }, absorbed.range);
    expect(verdict).toBe('never-arrived');
    expect(upstream).toMatchObject({ kind: 'where', path: ['filtered.absorb', 'absorb.signal'] });
  });

  it('10: a sensor two wires away: the walk to it, and its probe', async () => {
    const { verdict, upstream } = await answer('beyond', { event: 'absorb' }, absorbed.range);
    expect(verdict).toBe('never-arrived');
    expect(upstream).toMatchObject({
      node: 'absorbMuch',
      kind: 'probe',
      path: ['beyond.absorb', 'absorbMuch.signal'],
    });
  });

  it('11: a timer that is not due yet: since when, and when it is due', async () => {
    const { verdict, upstream } = await answer('slow', { event: 'after 23h' }, absorbed.range);
    expect(verdict).toBe('never-arrived');
    expect(upstream).toMatchObject({ node: 'slow', kind: 'timer' });
    expect(upstream?.text).toMatch(/not due yet; set at .*, due at /);
  });

  it('answers as orderflow explain does, word for word', async () => {
    for (const [node, about] of [
      ['absorbMuch', absorbed],
      ['eightyEarly', crossed],
      ['beyond', { event: 'absorb' }],
    ] as const) {
      const { range } = 'range' in about ? about : absorbed;
      const question =
        'transition' in about ? { transition: about.transition } : { event: 'absorb' };
      const data = (await readHistory(log, task, range)).data(false);
      const printed = answerJson(why(data, { node, ...question, ...range }), {
        flow: graph.name,
        instrument: task.instrument,
        zone: graph.zone,
        columns: 80,
        ...range,
      }) as { readonly text: readonly string[] };
      expect((await answer(node, question, range)).text).toEqual(printed.text);
    }
  });

  it('says what cannot be asked, and what could be', async () => {
    const ask = (asked: object) =>
      whyView(live, {
        node: 'eighty',
        transition: null,
        event: null,
        from: null,
        to: null,
        at: null,
        ...asked,
      }).catch(refusalOf);
    expect(await ask({ node: 'eigthy' })).toMatch(/nearest: 'eighty'/);
    expect(await ask({ transition: 'nowhere' })).toMatch(/no transition or event 'nowhere'/);
    expect(await ask({ from: 'soon' })).toMatch(/'soon' is no time/);
    expect(await ask({ from: '11:00', to: '10:00' })).toMatch(/ends before it begins/);
  });

  it('counts what refusals would have come to with an easier number, and claims nothing it did not see', async () => {
    const { range, transition } = absorbed;
    const ask = (slack: string | null) =>
      whyView(live, {
        ...{ node: 'large', transition: 'waiting:absorb:0', event: null, at: null, slack },
        ...{ from: text(range.from), to: text(range.to) },
      });
    const { whatIf: nearest } = await ask(null);
    expect(nearest?.label).toContain('the attack is large');
    expect(nearest?.condition).toBe(`≥ ${100_000 - (nearest?.slack ?? 0)}`);
    // The guard never held: nobody knows what else it asks.
    expect(nearest).toMatchObject({ passed: 0, passes: [], held: 0 });
    expect(nearest?.unknown).toBeGreaterThan(0);
    expect((await ask('1')).whatIf).toMatchObject({ condition: '≥ 99999', slack: 1, unknown: 0 });
    expect((await ask('plenty')).whatIf).toEqual(nearest);
    const fired = await whyView(live, {
      ...{ node: 'absorb', transition, event: null, at: null },
      ...{ from: text(range.from), to: text(range.to) },
    });
    expect(fired.answer?.verdict).toBe('fired');
    expect(fired.whatIf).toBeNull();
  });

  describe('the change of the flow that makes a condition easier', async () => {
    const { range } = absorbed;
    const { book } = live;
    await book.advance(async () => {});
    const editOf = async (node: string, transition: string, at: { from: number; to: number }) => {
      const asked = { node, transition, event: null, at: null };
      const view = await whyView(live, {
        ...asked,
        ...{ from: text(at.from), to: text(at.to) },
      });
      return { edit: view.whatIf?.edit ?? null, seq: view.answer?.seq ?? 0, whatIf: view.whatIf };
    };
    /** What the condition that blocked answers to the same event in a run of the changed text. */
    const answerIn = async (changed: string, node: string, transition: string, seq: number) => {
      const [before] = await book.records(seq, seq);
      const later = await runOver(graphOf(changed), tape);
      const again = new JournalBook(later.log, graphOf(changed), task.instrument);
      await again.advance(async () => {});
      for (const step of again.stepsOf(node)) {
        if (step.ts !== before?.ts || step.event !== before.event.type) continue;
        const [record] = await again.records(step.seq, step.seq);
        const asked = record?.explain?.find((one) => one.transition === transition);
        if (asked) return asked;
      }
      return null;
    };

    it('is a parameter of the node, and a run with it passes the refusal', async () => {
      const { edit, seq } = await editOf('absorbNear', 'quiet:effort:0', range);
      const path = ['nodes', 'absorbNear', 'with', 'nearLevelTicks'];
      expect(edit).toMatchObject({ kind: 'set', path, was: 0 });
      const changed = applyEdit(flow, edit as FlowEdit);
      if (!('text' in changed)) throw new Error(changed.reason);
      expect(changed.before).toContain('nearLevelTicks: 0 }');
      expect(changed.after).toBe(
        changed.before.replace('Ticks: 0 }', `Ticks: ${(edit as { is: number }).is} }`),
      );
      const candidate = await answerIn(changed.text, 'absorbNear', 'quiet:effort:0', seq);
      expect(candidate?.leaves.map(({ ok }) => ok)).toEqual([true, true]);
      // It is the smallest: what the refusal had, and no more.
      const [refused] = await book.records(seq, seq);
      const asked = refused?.explain?.find(({ transition }) => transition === 'quiet:effort:0');
      expect(asked?.leaves.find(({ unit }) => unit === 'tick')).toMatchObject({
        ok: false,
        left: (edit as { is: number }).is,
      });
    });

    it('is the number in a condition of the flow', async () => {
      const { edit, seq, whatIf } = await editOf('large', 'waiting:absorb:0', range);
      const needed = 100_000 - (whatIf?.slack ?? 0);
      expect(edit).toEqual({
        ...{ kind: 'replace', was: 'ev.volume >= 100000' },
        is: `ev.volume >= ${needed}`,
      });
      const changed = applyEdit(flow, edit as FlowEdit);
      if (!('text' in changed)) throw new Error(changed.reason);
      const candidate = await answerIn(changed.text, 'large', 'waiting:absorb:0', seq);
      expect(candidate?.verdict).toBe('fired');
    });

    it('says so where no single number does it', async () => {
      const { edit } = await editOf('eightyEarly', crossed.transition, crossed.range);
      expect(edit).toMatchObject({
        kind: 'none',
        reason: expect.stringMatching(/no single parameter/),
      });
    });
  });

  it('ranks near misses of all machines that give signals', async () => {
    const { from, to } = crossed.range;
    const { misses, answer: none } = await whyView(live, {
      node: null,
      transition: null,
      event: null,
      from: text(from),
      to: text(to),
      at: null,
    });
    expect(none).toBeNull();
    expect(misses.length).toBeGreaterThan(1);
    const shortfalls = misses.map(({ shortfall }) => shortfall);
    expect(shortfalls).toEqual(shortfalls.toSorted((a, b) => a - b));
  });
});
