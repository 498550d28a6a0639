import { definePlugin } from '#engine';
import { config } from './config.ts';
import { createMachine } from './machine.ts';
import { withStack } from './migrate.ts';
import { inPorts, outPorts } from './ports.ts';

const yaml = 'use: composite-value-area@^1\nin: { completed: profile.completed }\n';

/** A step of an example: a session in which 40 contracts traded in three rows. */
function sessionOf(date: string): string {
  const rows = 'rows: { low: 5000, volumes: [10, 20, 10], bidVolumes: [], askVolumes: [] }';
  const flags = 'short: false, holiday: false, approximate: false, contract: null';
  return `- { day: ${date}, at: "16:00", emit: { profile.completed: { tradeDate: ${date}, low: 5000, close: 5000.25, volume: 40, ${rows}, ${flags} } } }\n`;
}

/** The value area of the last completed sessions, merged. */
export const plugin = definePlugin({
  id: 'composite-value-area',
  version: '1.1.0',
  api: 1,
  summary:
    'The value area of merged sessions, today left out: the last five, or those that share value; and what they stack up to',
  config,
  in: inPorts,
  out: outPorts,
  machine: createMachine,
  migrate: { '<1.1': withStack },
  invariants: { keepsAtMostThirtySessions: 'size(ctx.sessions) <= 30' },
  examples: [
    {
      title: 'The third session makes a composite, marked partial until there are five',
      yaml,
      feed: ['2025-11-17', '2025-11-18', '2025-11-19'].map(sessionOf).join(''),
      expect:
        'states: { example: partial }\nemits: [ { port: example.area, payload: { poc: 5000.25, partial: true } }, { port: example.level, payload: { kind: vah } } ]\n',
    },
    {
      title: 'A near miss: two sessions, and three are needed',
      yaml,
      feed: ['2025-11-18', '2025-11-19'].map(sessionOf).join(''),
      expect:
        'never: [ example.area ]\nwhy: { node: example, transition: "(root):completed:5", verdict: guard-blocked, blockedBy: sessions of the composite, margin: -1 }\n',
    },
  ],
});
