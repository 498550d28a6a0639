import { Panel } from '../components/panel.tsx';
import { ScrollTable } from '../components/scroll-table.tsx';
import { shortcutPages } from '../components/shortcut-pages.ts';

const everywhere: readonly (readonly [readonly string[], string])[] = [
  [['?'], 'this help'],
  [['P'], 'freeze the page, and let it go on'],
  [['M'], 'sound on or off'],
];

const machines: readonly (readonly [readonly string[], string])[] = [
  [['[', ']'], 'one step back or on in the past of a machine'],
  [['{', '}'], 'to the change of state before or after'],
];

const editor: readonly (readonly [readonly string[], string])[] = [
  [['Ctrl', 'Space'], 'what may stand here'],
  [['Ctrl', 'Z'], 'undo, of text and form alike'],
  [['Ctrl', 'Shift', 'M'], 'list of problems inside the text'],
  [['Escape', 'Tab'], 'leave the text with the keyboard'],
];

function KeyTable({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly (readonly [readonly string[], string])[];
}) {
  return (
    <ScrollTable label={label} head={['keys', 'what they do']}>
      {rows.map(([keys, text]) => (
        <tr key={text}>
          <td>
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
      <Panel id="in-machines" title="Machines">
        <KeyTable label="Keys of machines" rows={machines} />
      </Panel>
      <Panel id="in-editor" title="Flow editor">
        <KeyTable label="Keys of the editor" rows={editor} />
        <p className="muted">
          Keys are dead where text is written, and can be switched off with “Keys” in the
          navigation. Escape and Space never command anything.
        </p>
      </Panel>
    </div>
  );
}
