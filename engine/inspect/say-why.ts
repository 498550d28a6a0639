import type { Leaf } from '../contracts/evidence.ts';
import type { Instrument } from '../market/instrument.ts';
import { toDecimal } from '../market/price.ts';
import { formatZoned, type Zone } from '../market/time.ts';
import type { WhyAnswer } from './why.ts';

/** Returns a leaf with prices as decimals: operands and margin of unit `price` become points. */
export function edgeLeaf(leaf: Leaf, instrument: Instrument): Leaf {
  if (leaf.unit !== 'price') return leaf;
  const edge = <T>(value: T): T | number => (typeof value === 'number' ? toDecimal(instrument, value) : value);
  return {
    ...leaf,
    ...(leaf.left === undefined ? {} : { left: edge(leaf.left) }),
    ...(leaf.right === undefined ? {} : { right: edge(leaf.right) }),
    ...(leaf.margin === undefined ? {} : { margin: toDecimal(instrument, leaf.margin) }),
  };
}

const unitName: Readonly<Record<string, string>> = {
  price: 'points',
  tick: 'ticks',
  contract: 'contracts',
  usd: 'cents',
  us: 'µs',
  share: '(share)',
  count: '',
};

function amount(value: number, unit: string | undefined): string {
  return `${Math.round(value * 1e6) / 1e6} ${unitName[unit ?? ''] ?? unit ?? ''}`.trim();
}

/** Says one leaf in a line: what was compared, both sides, by how much it held or missed. */
export function sayLeaf(raw: Leaf, instrument: Instrument): string {
  const leaf = edgeLeaf(raw, instrument);
  const label = leaf.why === undefined ? leaf.text : `${leaf.why} (${leaf.text})`;
  const mark = leaf.ok ? 'held  ' : 'missed';
  if (leaf.error !== undefined) return `error   ${label}: ${leaf.error}`;
  const sides = leaf.op === undefined ? '' : `: ${String(leaf.left)} ${leaf.op} ${String(leaf.right)}`;
  const by = leaf.margin === undefined ? '' : `, by ${amount(Math.abs(leaf.margin), leaf.unit)}`;
  return `${mark}  ${label}${sides}${by}`;
}

const sentence: Readonly<Record<WhyAnswer['verdict'], string>> = {
  fired: 'it fired',
  'guard-blocked': 'the event came and a guard did not hold',
  shadowed: 'the event came and another transition won',
  'not-listening': 'the machine was in a state that does not listen for it',
  'never-arrived': 'the event never came',
  'late-dropped': 'the record came late and the in-port refuses late records',
  'gate-vetoed': 'the risk gate refused it',
  error: 'the node threw and was taken out of the flow',
  'node-paused': 'the node had been taken out of the flow before',
};

function sayUpstream(answer: WhyAnswer, instrument: Instrument): string[] {
  const { upstream } = answer;
  if (!upstream) return [];
  return [`upstream: ${upstream.text}`, ...(upstream.leaves ?? []).map((leaf) => `  ${sayLeaf(leaf, instrument)}`)];
}

/** Says an answer in plain lines for a terminal. */
export function sayWhy(answer: WhyAnswer, instrument: Instrument, zone: Zone): string[] {
  const when = answer.at === null ? '' : ` at ${formatZoned(zone, answer.at)}${answer.seq === null ? '' : ` (macrostep ${answer.seq})`}`;
  return [
    `${answer.verdict}: ${sentence[answer.verdict]}${when}`,
    `node ${answer.node}, state ${answer.state === '' ? '(not started)' : answer.state}, transition ${answer.transition ?? '-'}${answer.why === null ? '' : `: ${answer.why}`}`,
    ...answer.leaves.map((leaf) => sayLeaf(leaf, instrument)),
    ...(answer.verdict === 'not-listening' ? [`it listens in: ${answer.listensIn.join(', ')}`] : []),
    ...(answer.winner === null ? [] : [`taken instead: ${answer.winner}`]),
    ...(answer.error === null ? [] : [`error: ${answer.error}`]),
    ...sayUpstream(answer, instrument),
  ];
}
