import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A flow of three nodes, with comments, braces and blocks. */
export const flowText = `# a flow of three nodes
flow: desk
version: 1.0.0
doc: Enough to be edited.
instruments: [ES]
sources:
  market: { use: simulator@^1, with: { seed: 7, catchUpDays: 0.02 } }
nodes:
  session:
    use: session@^1
    in: { market: market }
  profile:                # where value is
    use: volume-profile@^1
    with:
      valueAreaFraction: 0.7   # a share
    in: { market: market }
  cva:
    use: composite-value-area@^1
    in: { completed: profile.completed }
`;
const testText = `flow: desk.flow.yaml
cases:
  - name: the session knows the open
    feed: [{ at: "09:29" }, { at: "09:31" }]
    expect: { never: [cva.level] }
`;

/** Writes the flow and its test into a folder; returns the flow's file. */
export function writeDeskFlow(folder: string): string {
  const file = join(folder, 'desk.flow.yaml');
  writeFileSync(file, flowText);
  writeFileSync(join(folder, 'desk.test.yaml'), testText);
  return file;
}
