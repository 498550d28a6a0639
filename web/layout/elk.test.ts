import { expect, test } from 'vitest';
import { layOut } from './elk.ts';

const box = (id: string) => ({ id, width: 80, height: 30 });

const graph = {
  id: 'root',
  layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'RIGHT' },
  children: [box('a'), box('b')],
  edges: [{ id: 'ab', sources: ['a'], targets: ['b'] }],
};

test('places boxes and edges without touching the input', async () => {
  const before = structuredClone(graph);
  const laid = await layOut(graph);
  const [a, b] = laid.children ?? [];
  expect((b?.x ?? 0) - (a?.x ?? 0)).toBeGreaterThan(80);
  expect(laid.edges?.[0]?.sections?.[0]?.startPoint.x).toBeGreaterThan(0);
  expect(graph).toEqual(before);
});

test('a structure is laid out once', async () => {
  expect(layOut(graph)).toBe(layOut(structuredClone(graph)));
  await layOut(graph);
});

test('a graph ELK refuses is an error that says so, and the next one is drawn', async () => {
  const broken = { ...graph, edges: [{ id: 'ab', sources: ['a'], targets: ['nowhere'] }] };
  await expect(layOut(broken)).rejects.toThrow(/nowhere/);
  await expect(layOut({ ...graph, id: 'again' })).resolves.toMatchObject({ id: 'again' });
});
