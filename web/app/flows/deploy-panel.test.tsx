import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import type { FlowText, RunningText } from '#engine/cli/desk.ts';
import { LiveStore } from '../client/live-store.ts';
import { LiveStoreProvider } from '../client/use-live.tsx';
import { comparedWith, DeployPanel } from './deploy-panel.tsx';
import { DifferenceChips, EditorToolbar } from './editor-toolbar.tsx';
import type { Draft } from './use-draft.ts';

vi.mock('@remix-run/react', () => import('../components/made-router.tsx'));

const running: RunningText = { text: 'windowSeconds: 30\n', sha: 'a', number: 3 };
const changed = 'windowSeconds: 31\n';
const draft = {
  text: changed,
  base: { text: changed, sha: 'b' },
  check: { lints: [], outline: null, places: null, diskSha: 'b', runningSha: 'a' },
  isChecking: false,
  problem: null,
} as unknown as Draft;
const flow: FlowText = {
  id: 'mine',
  file: 'flows/mine.flow.yaml',
  text: changed,
  sha: 'b',
  isRunning: true,
};
const nothing = (): void => {};

const text = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

function panel(isRunning: boolean): string {
  return text(
    renderToString(
      <LiveStoreProvider store={new LiveStore()}>
        <DeployPanel
          flow={{ ...flow, isRunning }}
          draft={draft}
          running={isRunning ? running : null}
          close={nothing}
          deployed={nothing}
        />
      </LiveStoreProvider>,
    ),
  );
}

function bar(isRunning: boolean): string {
  return text(
    renderToString(
      <EditorToolbar
        flow={{ ...flow, isRunning }}
        draft={draft}
        running={null}
        said=""
        isOperator={true}
        view="split"
        save={nothing}
        deploy={nothing}
        discard={nothing}
      />,
    ),
  );
}

describe('a draft that was saved and not deployed', () => {
  const chips = (of: Pick<Draft, 'text' | 'base'>, runs: RunningText | null): string =>
    text(renderToString(<DifferenceChips draft={of} running={runs} />));

  it('is said to differ from what runs', () => {
    expect(chips(draft, running)).toContain('file differs from version 3, which runs');
    expect(chips(draft, running)).not.toContain('differs from the file');
  });

  it('is compared with what runs, not with its file', () => {
    expect(comparedWith(draft, running)).toMatchObject({
      title: 'What differs from version 3, which runs',
      text: running.text,
    });
    expect(panel(true)).toContain('2 What differs from version 3, which runs');
  });

  it('says both while it is not saved either, and nothing where nothing differs', () => {
    const unsaved = { ...draft, base: { text: 'windowSeconds: 29\n', sha: 'c' } };
    expect(chips(unsaved, running)).toMatch(/draft differs from the file .*draft differs from ver/);
    const same = { text: running.text, base: { text: running.text, sha: 'a' } };
    expect(chips(same, running)).toBe('');
    expect(chips(draft, null)).toBe('');
  });
});

describe('a flow that does not run here', () => {
  it('is checked, compared and tested all the same', () => {
    expect(bar(false)).toContain('Check and test…');
    const shown = panel(false);
    for (const words of ['1 Checks', '2 What differs from the file', '3 Tests', 'Run its tests'])
      expect(shown).toContain(words);
  });

  it('is not deployed, and how it is started stands there', () => {
    expect(bar(true)).toContain('Deploy…');
    expect(panel(true)).toContain('5 Deploy');
    expect(panel(false)).not.toContain('Deploy');
    expect(panel(false)).toContain('npx orderflow start flows/mine.flow.yaml');
  });
});
