import type { Leaf } from '#engine/contracts/evidence.ts';
import type { WhyData } from '#engine/inspect/question.ts';
import { leafWords, type SayOptions } from '#engine/inspect/say-why.ts';
import { canEase, type Easing, type WhatIf, whatIf } from '#engine/inspect/what-if.ts';
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
  count: '',
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

function wordsOf(found: WhatIf, leaf: Leaf, words: SayOptions) {
  const { needed, op } = found;
  const said = leafWords({ ...leaf, right: needed ?? leaf.right ?? null }, words);
  const sign = op === '>=' ? '≥' : '≤';
  return { label: said.label, condition: needed === null ? null : `${sign} ${said.needed}` };
}

/** How much the condition is to be able to miss, in the inside's unit. */
function slackOf({ margin = 0 }: Leaf, asked: string | null, step: number): number {
  const wished = Number(asked ?? '');
  return wished > 0 ? wished * step : Math.abs(margin);
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
): (Omit<WhatIfView, 'edit'> & { readonly leaf: Leaf; readonly found: WhatIf }) | null {
  const leaf = easyLeaf(leaves);
  if (!leaf) return null;
  const step = stepOf(leaf.unit, words);
  const slack = slackOf(leaf, asked, step);
  const found = whatIf(data, { ...question, text: leaf.text, slack });
  if (!found) return null;
  const { passes, stays, unknown, still, held } = found;
  const { unit = '' } = leaf;
  return {
    ...wordsOf(found, leaf, words),
    ...{ leaf, found },
    slack: rounded(slack / step),
    unit: unitWords[unit] ?? unit,
    passed: passes.length,
    passes: passes.slice(0, mostShown),
    ...{ stays, unknown, still, held },
  };
}
