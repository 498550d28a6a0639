import type { Wire } from './graph.ts';

/** Returns where a wire comes from as a flow writes it: `node.port`, a source, a topic, or the calendar. */
export function originText({ origin }: Wire): string {
  switch (origin.kind) {
    case 'node':
      return `${origin.node}.${origin.port}`;
    case 'market':
      return origin.source;
    case 'topic':
      return origin.port === null ? origin.topic : `${origin.topic}.${origin.port}`;
    case 'schedule':
      return `the calendar at ${origin.at}`;
  }
}
