import { deploymentSchema, deploymentTopic } from '../../contracts/deployment.ts';
import { probeSchema } from '../../contracts/journal.ts';
import type { Plugin } from '../../plugin/define-plugin.ts';
import { contractId, type RecordPort } from '../../plugin/port.ts';
import { flowTopics } from '../../runtime/output.ts';
import { markdownTable } from './markdown-table.ts';

const own = flowTopics('<flow>');
/** Topics that every flow has, whatever it is made of. */
const fixed: readonly (readonly [topic: string, contract: string, what: string])[] = [
  [
    'market.data',
    'market-batch/1',
    'trades, quotes, depth, bars and heartbeats of one instrument, in the order they arrived',
  ],
  [
    own.journal,
    'journal/1',
    'one record per macrostep of a machine: event, states, guards, what was emitted, hash',
  ],
  [own.probes, probeSchema, 'how near each sensor came to each of its thresholds, once a minute'],
  [
    own.deadLetters,
    'dead-letter/1',
    'what a node could not digest, with the command that replays up to it',
  ],
  [
    deploymentTopic('<flow>'),
    deploymentSchema,
    'a changed flow that took over: its hash, at which offsets, and what became of each node',
  ],
];

function rowsOf({ id, out }: Plugin): string[][] {
  const ports = Object.entries(out).filter(
    (entry): entry is [string, RecordPort] => entry[1].kind !== 'market',
  );
  return ports.map(([name, port]) => {
    const keyed = port.key === undefined ? port.kind : `${port.kind} by \`${port.key}\``;
    return [
      `\`<flow>.<node>.${name}\``,
      id,
      keyed,
      contractId(port.schema, id, name),
      port.doc ?? '',
    ];
  });
}

/** Writes the page of topics: those every flow has, and one per out-port of each plugin. */
export function topicPage(plugins: readonly Plugin[]): string {
  const always = fixed.map(([topic, contract, what]) => [`\`${topic}\``, contract, what]);
  return [
    '# Topics',
    '',
    'Made by `npm run docs`. Every out-port of a node is a topic, named after its flow, its node and its port. The key of each',
    'record is the instrument; the partition is the number of the instrument in the instrument table.',
    '',
    '## Of every flow',
    '',
    markdownTable(['topic', 'contract', 'what'], always),
    '',
    '## Of a node, by its plugin',
    '',
    markdownTable(['topic', 'plugin', 'kind', 'contract', 'what'], plugins.flatMap(rowsOf)),
    '',
  ].join('\n');
}
