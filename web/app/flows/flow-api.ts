import type {
  DeployOutcome,
  DeployPlan,
  FlowCheck,
  SaveOutcome,
  TestRun,
} from '#engine/cli/desk.ts';
import { type CommandAnswer, postCommand } from '../client/post-command.ts';
import type { Places } from './graph-size.ts';

/** What the engine says of a draft, with the places of its picture and what the file holds now. */
export interface DraftCheck extends FlowCheck {
  /** Null without an outline. */
  readonly places: Places | null;
  /** sha256 of the file as it is on disk; null when it is gone. */
  readonly diskSha: string | null;
  /** sha256 of the text that runs here; null when the flow does not. */
  readonly runningSha: string | null;
}

/** What can be asked about a draft, and how each is answered. */
interface Answers {
  readonly check: DraftCheck;
  readonly test: TestRun;
  readonly plan: DeployPlan;
  readonly save: SaveOutcome;
  readonly deploy: DeployOutcome;
}

/** Keeps the places of nodes that were moved by hand. */
export function saveLayout(id: string, places: Places): Promise<CommandAnswer<{ ok: true }>> {
  return postCommand('/api/flows', { kind: 'layout', id, places });
}

/** Asks the engine about a draft, or to save or deploy it. */
export function askFlow<K extends keyof Answers>(
  kind: K,
  draft: { readonly id: string; readonly text: string; readonly base?: string },
): Promise<CommandAnswer<Answers[K]>> {
  return postCommand<Answers[K]>('/api/flows', { kind, ...draft });
}
