import type { ReactNode } from 'react';

/** How serious what a chip says is; each has a shape of its own beside its colour. */
export type ChipTone = 'plain' | 'ok' | 'caution' | 'alarm' | 'replay';

const glyphs: Readonly<Record<ChipTone, string>> = {
  plain: '○',
  ok: '●',
  caution: '◐',
  alarm: '■',
  replay: '◷',
};

/** A short word with a shape: the state of something. */
export function Chip({
  tone = 'plain',
  children,
}: {
  readonly tone?: ChipTone;
  readonly children: ReactNode;
}) {
  return (
    <span className={`chip chip-${tone}`}>
      <span className="glyph" aria-hidden="true">
        {glyphs[tone]}
      </span>
      {children}
    </span>
  );
}
