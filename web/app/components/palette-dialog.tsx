import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { saidOf } from '../center/market-controls.tsx';
import { postCommand } from '../client/post-command.ts';
import { useGo, useKept } from '../client/use-instrument.ts';
import { useIsViewer } from '../client/use-is-viewer.ts';
import { useLinkObstacle } from '../client/use-link-obstacle.ts';
import { useLive } from '../client/use-live.tsx';
import { offerShortcut } from '../client/use-shortcut.ts';
import { useInstrumentLinks } from './instrument-choice.tsx';
import {
  findEntries,
  type PaletteAction,
  type PaletteEntry,
  paletteEntries,
} from './palette-entries.ts';

/** Panels of the page as they are drawn. */
function panelsOnPage(): { readonly id: string; readonly title: string }[] {
  return [...document.querySelectorAll<HTMLElement>('.main .panel[id]')].flatMap((panel) => {
    const title = panel.querySelector('h2')?.textContent;
    return title ? [{ id: panel.id, title }] : [];
  });
}

function focusOn(id: string): void {
  const panel = document.getElementById(id);
  panel?.scrollIntoView({ block: 'nearest' });
  panel?.focus({ preventScroll: true });
}

/** Does what an entry says; returns why it could not be done. */
async function run(
  action: PaletteAction,
  go: (to: string) => void,
  commandAddress: string,
): Promise<string | null> {
  switch (action.kind) {
    case 'go':
      go(action.to);
      return null;
    case 'panel':
      return null;
    case 'shortcut':
      offerShortcut(action.shortcut);
      return null;
    case 'command': {
      return saidOf(await postCommand(commandAddress, action.body));
    }
  }
}

function useEntries(): readonly PaletteEntry[] {
  const facts = useLive('facts');
  const source = useLive('source');
  const clock = useLive('clock');
  const [panels] = useState(panelsOnPage);
  const isViewer = useIsViewer();
  const isRefused = useLinkObstacle() !== null || isViewer;
  const instruments = useInstrumentLinks();
  return paletteEntries({ panels, instruments, facts, source, clock, isRefused });
}

/** Where the arrows lead in a list that goes round. */
function stepped(key: string, at: number, length: number): number | null {
  if (length === 0) return null;
  if (key === 'ArrowDown') return (at + 1) % length;
  if (key === 'ArrowUp') return (at + length - 1) % length;
  return null;
}

function Options({
  found,
  at,
  choose,
}: {
  readonly found: readonly PaletteEntry[];
  readonly at: number;
  readonly choose: (entry: PaletteEntry) => void;
}) {
  const chosen = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another entry is the chosen one
  useEffect(() => {
    // In newer browsers this returns a promise, which an effect must not.
    chosen.current?.scrollIntoView({ block: 'nearest' });
  }, [at, found]);
  return (
    <div id="palette-list" role="listbox" aria-label="Found" className="palette-list">
      {found.map((entry, i) => (
        // The keyboard goes through the field above, which names the option it is at.
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        // biome-ignore lint/a11y/useFocusableInteractive: see above
        <div
          key={`${entry.group} ${entry.text}`}
          id={`palette-${i}`}
          role="option"
          aria-selected={i === at}
          ref={i === at ? chosen : null}
          className="palette-option"
          onClick={() => choose(entry)}
        >
          <span>{entry.text}</span> <span className="muted meta">{entry.hint}</span>
        </div>
      ))}
    </div>
  );
}

/** Finds pages, panels, machines and commands by words. `Escape` closes it; nothing is done before an entry is chosen. */
export function PaletteDialog({ close }: { readonly close: () => void }) {
  const navigate = useGo();
  const commandAddress = useKept('/api/command');
  const dialog = useRef<HTMLDialogElement>(null);
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const entries = useEntries();
  const found = findEntries(entries, wanted);
  const here = Math.min(at, found.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  const choose = async (entry: PaletteEntry): Promise<void> => {
    const said = await run(entry.action, navigate, commandAddress);
    setProblem(said);
    if (said !== null) return;
    // Closing gives the focus back to where it was; a panel that was asked for gets it after that.
    dialog.current?.close();
    if (entry.action.kind === 'panel') focusOn(entry.action.id);
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = stepped(event.key, here, found.length);
    const entry = found[here];
    if (next !== null) setAt(next);
    // The field would only be cleared by it, where something was written.
    else if (event.key === 'Escape') dialog.current?.close();
    else if (event.key === 'Enter' && entry && !event.nativeEvent.isComposing) void choose(entry);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Find a page, panel, machine or command"
      onClose={close}
    >
      <input
        type="search"
        role="combobox"
        aria-label="Find"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={here < 0 ? undefined : `palette-${here}`}
        autoComplete="off"
        placeholder="page, panel, machine or command"
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
          setAt(0);
          setProblem(null);
        }}
        onKeyDown={onKey}
      />
      <p className="meta muted" role="status">
        {problem === null ? `${found.length} of ${entries.length}` : `✖ ${problem}`} · ↑ ↓ Enter,
        Esc closes
      </p>
      <Options found={found} at={here} choose={(entry) => void choose(entry)} />
    </dialog>
  );
}
