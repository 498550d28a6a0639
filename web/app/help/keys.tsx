import { characterKeys } from '../client/shortcuts.ts';
import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { shortcutPages } from '../components/shortcut-pages.ts';

type KeyRow = readonly [keys: readonly string[], text: string];

const written = (key: string): string => (key === '?' ? key : key.toUpperCase());

const everywhere: readonly KeyRow[] = [
  [['Ctrl', 'K'], 'find a page, panel, machine or command'],
  [['Alt', '1…9'], 'to a panel; while Alt is held each shows its number'],
  ...[...characterKeys].map(([key, { text }]): KeyRow => [[written(key)], text]),
];

const prices: readonly KeyRow[] = [
  [['Home'], 'inside the panel: the oldest bars'],
  [['End'], 'inside the panel: the newest bars'],
];

const machines: readonly KeyRow[] = [
  [['[', ']'], 'one step back or on in the past of a machine; each press counts'],
  [['{', '}'], 'with shift: to the change of state before or after'],
  [['+', '-'], 'inside a chart: larger, smaller'],
  [['0', '1'], 'inside a chart: as drawn, the whole of it'],
];

const editor: readonly KeyRow[] = [
  [['Ctrl', 'Space'], 'what may stand here'],
  [['F2'], 'what is known of the word at the cursor; Escape puts it away'],
  [['Ctrl', 'Z'], 'undo, of text and form alike'],
  [['Ctrl', 'Shift', 'M'], 'list of problems inside the text'],
  [['Escape', 'Tab'], 'leave the text with the keyboard'],
];

function KeyTable({ label, rows }: { readonly label: string; readonly rows: readonly KeyRow[] }) {
  return (
    <ScrollTable label={label} head={['keys', 'what they do']}>
      {rows.map(([keys, text]) => (
        <tr key={text}>
          <td className="num">
            {keys.map((key) => (
              <span key={key}>
                <kbd>{key}</kbd>{' '}
              </span>
            ))}
          </td>
          <td>{text}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Every key the pages listen to. None of them is a command to the market. */
export function Keys() {
  const pages = shortcutPages.map(({ key, text }) => [['g', key], `to ${text}`] as const);
  return (
    <div className="page-grid">
      <Panel id="everywhere" title="Everywhere">
        <KeyTable label="Keys everywhere" rows={[...everywhere, ...pages]} />
      </Panel>
      <Panel id="in-prices" title="Price, in the command center">
        <KeyTable label="Keys of the price" rows={prices} />
      </Panel>
      <Panel id="in-machines" title="Machines">
        <KeyTable label="Keys of machines" rows={machines} />
      </Panel>
      <Panel id="in-editor" title="Flow editor">
        <KeyTable label="Keys of the editor" rows={editor} />
        <p className="muted">
          Keys are dead where text is written. Those that are characters can be switched off with
          “Keys” in the navigation; the browser remembers it. Escape and Space never command
          anything.
        </p>
      </Panel>
    </div>
  );
}
