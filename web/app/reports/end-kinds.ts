import type { EndSort, Ends } from '../../inspect/reports.ts';

/** A way to end, with a sign of its own beside its colour. */
export interface EndKind {
  readonly kind: keyof Ends;
  readonly glyph: string;
  readonly text: string;
}

const [full, striped, dotted, hollow] = ['■', '▨', '▒', '□'] as const;

/** How things of each sort end, in the order they are stacked and told, in the words of the sort. */
export const endKinds: Readonly<Record<EndSort, readonly EndKind[]>> = {
  expectation: [
    { kind: 'fulfilled', glyph: full, text: 'fulfilled' },
    { kind: 'failed', glyph: striped, text: 'failed' },
    { kind: 'expired', glyph: dotted, text: 'expired' },
    { kind: 'superseded', glyph: hollow, text: 'superseded' },
  ],
  setup: [
    { kind: 'fulfilled', glyph: full, text: 'completed' },
    { kind: 'failed', glyph: striped, text: 'rejected' },
    { kind: 'expired', glyph: dotted, text: 'expired' },
  ],
};
