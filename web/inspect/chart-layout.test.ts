import { describe, expect, it } from 'vitest';
import { statechartOfNode } from '#engine/inspect/node-statechart.ts';
import type { ChartBox, DrawnChart } from '../live/chart.ts';
import { drawChart } from './chart-layout.ts';
import { graphOf } from './staged-fixture.ts';

const graph = graphOf();
const charts = graph.nodes.flatMap(({ id }) => {
  const chart = statechartOfNode(graph, id);
  return chart ? [{ id, chart }] : [];
});

/** A box with all of it inside another. */
function isInside(inner: ChartBox, outer: ChartBox): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

function overlaps(a: ChartBox, b: ChartBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Every id that is written somewhere, as often as it is. */
function written({ boxes, edges }: DrawnChart): string[] {
  const rows = boxes.flatMap((box) => box.rows.flatMap(({ ids }) => ids));
  const labels = edges.flatMap((edge) => edge.labels.flatMap(({ ids }) => ids));
  return [...rows, ...labels].toSorted();
}

describe.each(charts)('the chart of $id', async ({ chart }) => {
  const drawn = await drawChart(chart);
  const states = drawn.boxes.filter(({ kind }) => kind !== 'any' && kind !== 'first');
  const boxOf = (path: string) => states.find((box) => box.path === path);

  it('has one box for each state, inside that of the state around it', () => {
    expect(states.map(({ path }) => path).toSorted()).toEqual(
      chart.states.map(({ path }) => path).toSorted(),
    );
    for (const { path, parent } of chart.states) {
      const [inner, outer] = [boxOf(path), parent === null ? null : boxOf(parent)];
      if (inner && outer) expect([path, isInside(inner, outer)]).toEqual([path, true]);
    }
  });

  it('writes each transition once, on an arrow or in a box', () => {
    expect(written(drawn)).toEqual(chart.transitions.map(({ id }) => id).toSorted());
    for (const { path } of drawn.edges) expect(path).toMatch(/^M[\d.]+ [\d.]+ .*L[\d.]+ [\d.]+$/);
  });

  it('lets no two boxes overlap that are not inside each other', () => {
    for (const a of drawn.boxes) {
      for (const b of drawn.boxes) {
        if (a === b || isInside(a, b) || isInside(b, a)) continue;
        expect([a.path, b.path, overlaps(a, b)]).toEqual([a.path, b.path, false]);
      }
    }
  });

  it('marks where each composite begins', () => {
    const starts = chart.states.filter(({ initial }) => initial !== null).length;
    const first = chart.initial === null ? 0 : 1;
    expect(drawn.boxes.filter(({ kind }) => kind === 'first')).toHaveLength(starts + first);
    expect(drawn.edges.filter(({ kind }) => kind === 'first')).toHaveLength(starts + first);
  });
});
