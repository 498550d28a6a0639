import { basename } from 'node:path';
import type { LiveEngine } from '#engine/cli/live-engine.ts';
import type { FlowEdit } from '../../live/why.ts';
import { applyEdit } from './apply-edit.ts';

/** A change of a number as it would stand in the file of the flow that runs; or why there is none. */
export type EditView =
  | {
      readonly flow: string;
      readonly file: string;
      readonly line: number;
      readonly before: string;
      readonly after: string;
      readonly edit: FlowEdit;
      /** The file, of which a draft is made. */
      readonly text: string;
      readonly sha: string;
      /** What the engine's own checks say against the changed text; null where nothing. */
      readonly objection: string | null;
    }
  | { readonly reason: string };

/** Puts a change into the file of the flow that runs and lets the engine check the text; writes nothing. */
export async function editView({ desk, flowFile }: LiveEngine, edit: FlowEdit): Promise<EditView> {
  if (edit.kind === 'none') return { reason: edit.reason };
  const flow = basename(flowFile).replace(/\.flow\.ya?ml$/, '');
  const file = desk?.read(flow);
  if (!desk || !file) return { reason: `there is no file of the flow '${flow}' to write it into` };
  const made = applyEdit(file.text, edit);
  if ('reason' in made) return made;
  const { lints } = await desk.check(flow, made.text);
  const [wrong] = lints.filter(({ level }) => level === 'error');
  const { line, before, after } = made;
  return {
    ...{ flow, file: file.file, line, before, after, edit },
    ...{ text: file.text, sha: file.sha, objection: wrong?.message ?? null },
  };
}
