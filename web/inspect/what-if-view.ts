import type { Leaf } from '#engine/contracts/evidence.ts';
import type { WhyData } from '#engine/inspect/question.ts';
import { leafWords, type SayOptions } from '#engine/inspect/say-why.ts';
import { canEase, type Easing, whatIf } from '#engine/inspect/what-if.ts';
import { toDecimal } from '#engine/market/price.ts';
import type { WhatIfView } from '../live/why.ts';

const mostShown = 6;
const unitWords: Readonly<Record<string, string>> = {
  price: 'points',
  tick: 'ticks',
  contract: 'contracts',
  us: 'seconds',
  share: '%',
  usd: 'cents',
};

/** How much of the inside one step of what people write is. */
function stepOf(unit: string | undefined, { instrument }: SayOptions): number {
  if (unit === 'price') return 1 / toDecimal(instrument, 1);
  if (unit === 'us') return 1_000_000;
  return unit === 'share' ? 0.01 : 1;
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** The first condition in the way that could be a little easier; null where a word, a fact or a tie is in the way. */
function easyLeaf(leaves: readonly Leaf[]): Leaf | null {
  const first = leaves.find((leaf) => !leaf.ok);
  return first && canEase(first) && (first.margin ?? 0) < 0 ? first : null;
}

/**
 * Counts what the refusals of a transition would have come to with the condition that blocked it easier: by as much as
 * the nearest refusal missed, or by what is asked for.
 *
 * @param asked - Text of an address, in points, ticks, seconds or per cent; anything but a number above 0 is left out.
 */
export function whatIfView(
  data: WhyData,
  question: Omit<Easing, 'text' | 'slack'>,
  leaves: readonly Leaf[],
  asked: string | null,
  words: SayOptions,
): WhatIfView | null {
  const leaf = easyLeaf(leaves);
  if (!leaf) return null;
  const step = stepOf(leaf.unit, words);
  const wished = Number(asked ?? '');
  const slack = wished > 0 ? wished * step : Math.abs(leaf.margin ?? 0);
  const found = whatIf(data, { ...question, text: leaf.text, slack });
  if (!found) return null;
  const { needed, op, passes, ...counts } = found;
  const eased: Leaf = { ...leaf, right: needed ?? leaf.right ?? null };
  const said = leafWords(eased, words);
  return {
    label: said.label,
    condition: needed === null ? null : `${op === '>=' ? '≥' : '≤'} ${said.needed}`,
    slack: rounded(slack / step),
    unit: unitWords[leaf.unit ?? ''] ?? (leaf.unit === 'count' ? '' : (leaf.unit ?? '')),
    passed: passes.length,
    passes: passes.slice(0, mostShown),
    stays: counts.stays,
    unknown: counts.unknown,
    still: counts.still,
    held: counts.held,
  };
}
