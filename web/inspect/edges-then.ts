import { EdgeCounts } from '#engine/inspect/edge-counts.ts';
import type { JournalBook, Step } from '#engine/inspect/journal-book.ts';
import type { SayOptions } from '#engine/inspect/say-why.ts';
import type { TransitionInfo } from '#engine/runtime/transitions.ts';
import type { EdgeFacts } from '../live/inspect.ts';
import { edgeFacts } from './machine-value.ts';

/** Whose edges are looked at, and until when. */
interface EdgesAsked {
  readonly node: string;
  readonly infos: readonly TransitionInfo[];
  /** When the trade day of the moment opened. */
  readonly open: number;
  /** The machine's macrosteps up to the moment. */
  readonly until: readonly Step[];
  readonly words: SayOptions;
}

/** The edges of one machine as counted last, so that a moment further on in the same day reads only what lies between. */
interface Tally {
  readonly open: number;
  readonly upTo: number;
  readonly counts: EdgeCounts;
}

const tallies = new WeakMap<JournalBook, Map<string, Tally>>();

function tallyFor(known: Map<string, Tally>, asked: EdgesAsked, first: number, last: number) {
  const { node, open, infos } = asked;
  const tally = known.get(node);
  if (tally?.open === open && tally.upTo <= last) {
    // Nobody else may count on in it meanwhile.
    known.delete(node);
    return tally;
  }
  return { open, upTo: first - 1, counts: new EdgeCounts(infos) };
}

/** Returns counts, near misses and questions of the trade day up to a moment, from the journal. */
export async function edgesThen(book: JournalBook, asked: EdgesAsked): Promise<EdgeFacts> {
  const { node, open, until, words, infos } = asked;
  const first = (book.seqAt(open - 1) ?? 0) + 1;
  const last = until.at(-1)?.seq ?? 0;
  if (last < first) return edgeFacts(new EdgeCounts(infos), until, words);
  const known = tallies.get(book) ?? new Map<string, Tally>();
  tallies.set(book, known);
  const { upTo, counts } = tallyFor(known, asked, first, last);
  if (upTo < last)
    for (const record of await book.records(upTo + 1, last))
      if (record.node === node) counts.take(record);
  const facts = edgeFacts(counts, until, words);
  known.set(node, { open, upTo: last, counts });
  return facts;
}
