// Each rule is a sentence of ARCHITECTURE.md. A violation prints the rule's name.
const rule = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
const repo = '^(engine|plugins|kafka|flows|web)/|^orderflow\\.ts$';
/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-cycle', {}, { circular: true }),
    rule('no-unresolvable', {}, { couldNotResolve: true }),
    rule('no-dev-dependency-at-run-time', { path: repo, pathNot: '\\.(test|e2e)\\.tsx?$|^engine/(testing\\.ts|testing/|faults/)' }, { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] }),
    rule('engine-imports-no-one-above-it', { path: '^engine/' }, { path: '^(plugins|kafka|flows|web)/' }),
    rule('market-is-pure', { path: '^engine/market/', pathNot: '\\.test\\.ts$' }, { pathNot: '^engine/(market/|errors\\.ts$)' }),
    rule('contracts-know-only-the-market', { path: '^engine/contracts/', pathNot: '\\.test\\.ts$' }, { path: repo, pathNot: '^engine/(contracts/|market/|errors\\.ts$)' }),
    rule('engine-layers-go-up', { path: '^engine/(market|contracts)/' }, { path: '^engine/(plugin|flow|runtime|inspect|cli|store|faults)/' }),
    rule('engine-layers-go-up', { path: '^engine/plugin/' }, { path: '^engine/(flow|runtime|inspect|cli|faults)/' }),
    rule('engine-layers-go-up', { path: '^engine/flow/' }, { path: '^engine/(runtime|inspect|cli|faults)/' }),
    rule('engine-layers-go-up', { path: '^engine/runtime/', pathNot: '\\.(test|fault\\.test)\\.ts$' }, { path: '^engine/(inspect|cli|faults)/' }),
    rule('engine-layers-go-up', { path: '^engine/inspect/' }, { path: '^engine/(cli|faults)/' }),
    rule('store-is-a-leaf', { path: '^engine/', pathNot: '^engine/store/' }, { path: '^engine/store/' }),
    rule('plugins-use-the-kit-only', { path: '^plugins/([^/]+)/' }, { path: repo, pathNot: ['^plugins/$1/', '^engine/index\\.ts$', '^engine/testing\\.ts$'] }),
    rule('testing-door-is-for-tests', { path: '^plugins/', pathNot: '\\.test\\.ts$' }, { path: '^engine/testing\\.ts$' }),
    rule('plugins-do-no-io', { path: '^plugins/', pathNot: ['^plugins/(ibkr-[^/]+|replay)/', '\\.test\\.ts$'] }, { dependencyTypes: ['core'] }),
    rule('kafka-implements-ports-only', { path: '^kafka/' }, { path: repo, pathNot: ['^kafka/', '^engine/index\\.ts$', '^engine/testing\\.ts$', '^engine/runtime/ports\\.ts$'] }),
    rule('web-never-imports-a-plugin', { path: '^web/' }, { path: '^plugins/' }),
    rule('only-the-server-talks-to-the-broker', { path: '^web/', pathNot: '^web/(server\\.ts|.*\\.server\\.ts)$' }, { path: '^kafka/' }),
    rule('nobody-imports-flows-or-web', { pathNot: '^(flows|web)/|^orderflow\\.ts$' }, { path: '^(flows|web)/' }),
    rule('nobody-imports-the-root', {}, { path: '^orderflow\\.ts$' }),
    rule('kafkajs-only-in-kafka', { pathNot: '^kafka/' }, { path: 'node_modules/kafkajs/' }),
    rule('orm-only-in-store', { path: repo, pathNot: '^engine/store/' }, { path: 'node_modules/@mikro-orm/' }),
    rule('ibkr-only-in-ibkr-plugins', { pathNot: '^plugins/ibkr-' }, { path: 'node_modules/@stoqey/ib/' }),
  ],
  options: { tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] } },
};
