import { resolve } from 'node:path';
import { z } from 'zod';
import type { MovedPlaces } from './desk.ts';
import type { Disk } from './disk.ts';
import { stage } from './flow-files.ts';
import type { Host } from './host.ts';

const mostNodes = 2_000;
const coordinate = z.number().min(-100_000).max(100_000);
const layoutSchema = z.object({
  nodes: z
    .record(z.string().max(200), z.object({ x: coordinate, y: coordinate }))
    .refine((nodes) => Object.keys(nodes).length <= mostNodes),
});

const layoutFileOf = (flowFile: string): string =>
  flowFile.replace(/\.flow\.ya?ml$/, '.layout.json');

/** Returns the places of a flow's nodes; none from a file that is absent or no layout. */
export function readLayout(host: Host, flowFile: string): MovedPlaces {
  try {
    const text = host.readText(layoutFileOf(flowFile));
    return text === null ? {} : layoutSchema.parse(JSON.parse(text)).nodes;
  } catch {
    return {};
  }
}

/**
 * Writes the places of a flow's nodes beside it; without any the file goes. It is no part of the flow.
 *
 * @throws {OF_CLI_WRITE} when it cannot be written.
 */
export function writeLayout(host: Host, disk: Disk, flowFile: string, nodes: MovedPlaces): void {
  const file = resolve(host.cwd, layoutFileOf(flowFile));
  const ids = Object.keys(nodes).sort();
  if (ids.length === 0) {
    disk.remove(file);
    return;
  }
  const rounded = ids.map((id) => {
    const { x = 0, y = 0 } = nodes[id] ?? {};
    return [id, { x: Math.round(x), y: Math.round(y) }];
  });
  const text = JSON.stringify({ nodes: Object.fromEntries(rounded) }, null, 2);
  stage(disk, file, `${text}\n`).put();
}
