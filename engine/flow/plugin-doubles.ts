import { setup } from 'xstate';
import { z } from 'zod';
import { sessionPhase } from '../contracts/session.ts';
import { signalFields } from '../contracts/signal.ts';
import { contracts, price, share, ticks } from '../contracts/units.ts';
import { compositeArea, level } from '../contracts/value-area.ts';
import {
  completedProfile,
  developingProfile,
  period,
  priorProfile,
} from '../contracts/volume-profile.ts';
import { vwapBands } from '../contracts/vwap.ts';
import { definePlugin, type Plugin } from '../plugin/define-plugin.ts';
import { createRegistry, type Registry } from '../plugin/registry.ts';
import { compileFlow } from './compile-flow.ts';
import type { CompiledFlow, FlowInput } from './flow-input.ts';
import { formatLint } from './lint-table.ts';

// Plugins with ports and nothing behind them: enough for whoever only reads flows.
const common = { version: '1.2.0', api: 1, examples: [] } as const;
const market = { kind: 'market', takes: ['trade', 'bar'] } as const;
const signal = z.object({ ...signalFields, volume: contracts() });
const intent = z.object({ side: z.enum(['long', 'short']), entry: price(), stop: price() });

const simulator = definePlugin({
  ...common,
  id: 'simulator',
  kind: 'source',
  summary: 'A made market',
  needs: [],
  in: {},
  config: z.object({ seed: z.number().int().min(0).default(1) }),
  out: { market: { kind: 'market', takes: ['trade', 'quote', 'depth'] } },
  open: () => Promise.resolve(),
});

const replay = definePlugin({
  ...common,
  id: 'replay',
  kind: 'source',
  summary: 'Recorded files',
  needs: ['fs'],
  in: {},
  config: z.object({ files: z.array(z.string()).min(1) }),
  out: { market: { kind: 'market', takes: ['trade', 'bar'] } },
  open: () => Promise.resolve(),
});

const session = definePlugin({
  ...common,
  id: 'session',
  summary: 'The trade day',
  config: z.object({ gapSeconds: z.number().int().min(1).max(3_600).default(60) }),
  in: { market },
  out: { phase: { kind: 'table', schema: sessionPhase } },
});

const volumeProfile = definePlugin({
  ...common,
  id: 'volume-profile',
  summary: 'Volume at price',
  config: z.object({ valueAreaFraction: share().default(0.7) }),
  in: { market },
  out: {
    completed: { kind: 'event', schema: completedProfile },
    prior: { kind: 'table', schema: priorProfile },
    developing: { kind: 'table', schema: developingProfile },
    period: { kind: 'event', schema: period },
  },
});

const compositeValueArea = definePlugin({
  ...common,
  id: 'composite-value-area',
  summary: 'Value of several days',
  config: z.object({
    sessions: z.number().int().min(1).max(30).default(5),
    valueAreaFraction: share().default(0.7),
  }),
  in: { completed: { kind: 'event', schema: completedProfile } },
  out: {
    area: { kind: 'table', schema: compositeArea },
    level: { kind: 'table', schema: level, key: 'kind' },
  },
});

const vwap = definePlugin({
  ...common,
  id: 'vwap',
  summary: 'Average price',
  config: z.object({}),
  in: { market },
  out: { bands: { kind: 'table', schema: vwapBands, key: 'anchor' } },
});

const eightyPercentRule = definePlugin({
  ...common,
  id: 'eighty-percent-rule',
  summary: 'Back inside prior value',
  config: z.object({ trigger: z.enum(['close1', 'close2']).default('close2') }),
  in: {
    period: { kind: 'event', schema: period },
    prior: { kind: 'table', schema: priorProfile },
    phase: { kind: 'table', schema: sessionPhase },
  },
  out: { signal: { kind: 'event', schema: z.object(signalFields) } },
});

const absorption = definePlugin({
  ...common,
  id: 'absorption',
  summary: 'Volume that does not move price',
  config: z.object({
    minVolume: z.number().int().min(1).max(5_000).default(300).meta({ unit: 'contract' }),
    maxProgressTicks: ticks().default(2),
    shareMin: z.number().gt(0).max(1).default(0.7).meta({ unit: 'share' }),
    cooldown: z.number().int().default(90_000_000).meta({ unit: 'us' }),
  }),
  in: { market, level: { kind: 'table', schema: level, key: 'kind', optional: true } },
  out: { signal: { kind: 'event', schema: signal } },
});

const riskGate = definePlugin({
  ...common,
  id: 'risk-gate',
  summary: 'The last word before an order',
  config: z.object({
    riskUsd: z.number().default(250),
    flatBy: z.string().nullable().default(null),
  }),
  in: {
    intent: { kind: 'event', schema: intent },
    fill: { kind: 'event', schema: z.looseObject({}), optional: true },
    kill: { kind: 'event', schema: z.looseObject({}), optional: true },
  },
  out: { approved: { kind: 'event', schema: intent } },
});

/** Events arm its sensor; it answers on trades, so it breaks a circle of wires. */
const paperExecution = definePlugin({
  ...common,
  id: 'paper-execution',
  summary: 'A simulated broker',
  config: z.object({}),
  in: { market, approved: { kind: 'event', schema: intent } },
  out: {
    fill: { kind: 'event', schema: z.object({ price: price(), contracts: contracts() }) },
    position: {
      kind: 'table',
      schema: z.object({ contracts: z.number().int().meta({ unit: 'contract' }) }),
    },
  },
  sensor: { slots: [], init: () => {}, event: () => {}, trade: () => {} },
});

const ibkrExecution = definePlugin({
  ...common,
  id: 'ibkr-execution',
  kind: 'sink',
  summary: 'Orders to a broker',
  needs: ['broker'],
  config: z.object({
    contract: z.string(),
    mode: z.enum(['observe', 'trade']).default('observe'),
    account: z.string(),
  }),
  in: { approved: { kind: 'event', schema: intent } },
  out: {},
  open: () => Promise.resolve({}),
});

const echo = definePlugin({
  ...common,
  id: 'echo',
  summary: 'Says what it hears',
  version: '2.0.0',
  config: z.object({}),
  in: { idea: { kind: 'event', schema: intent } },
  out: { idea: { kind: 'event', schema: intent } },
  migrate: { '<1.5': (snapshot) => snapshot },
});

/** XState would ignore its missing action. */
const careless = definePlugin({
  ...common,
  id: 'careless',
  summary: 'Names what it does not have',
  config: z.object({}),
  in: { phase: { kind: 'table', schema: sessionPhase } },
  out: {},
  machine: () =>
    setup({}).createMachine({
      initial: 'a',
      states: { a: { on: { phase: { actions: 'shout' } as never } } },
    }),
});

const doubles: readonly Plugin[] = [
  ...[
    simulator,
    replay,
    session,
    volumeProfile,
    compositeValueArea,
    vwap,
    eightyPercentRule,
    absorption,
  ],
  ...[riskGate, paperExecution, ibkrExecution, echo, careless],
];

/** Returns a registry of plugins with real ports that do nothing, for tests of whatever reads flows. */
export function registryOfDoubles(): Registry {
  return createRegistry(doubles);
}

/** Compiles a flow over the doubles; `files` are what its fragments lead to. */
export function compileWithDoubles(
  text: string,
  more: Partial<FlowInput> & { readonly files?: Readonly<Record<string, string>> } = {},
): CompiledFlow & { readonly messages: readonly string[] } {
  const { files, ...input } = more;
  const compiled = compileFlow({
    file: 'flows/made.flow.yaml',
    text,
    registry: registryOfDoubles(),
    readFile: (path) => files?.[path] ?? null,
    ...input,
  });
  return { ...compiled, messages: compiled.lints.map(formatLint) };
}
