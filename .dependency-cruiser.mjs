// Who may import whom: each rule is a row of the import table in ARCHITECTURE.md. `npm run check` prints a violation as
// `from → to: rule: what to do`, and a planted violation of each rule proves that it can fail (.ci/checks.test.ts).
const rule = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
const repo = '^(engine|plugins|kafka|flows|web)/|^orderflow\\.ts$';
const test = '\\.(test|conformance|e2e)\\.tsx?$';
const upwards =
  'an engine layer imports only the layers before it: market, contracts, plugin, flow, runtime, inspect, study, cli; move the shared part down';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule(
      'no-cycle',
      {},
      { circular: true },
      'break the circle: move what both need into a third file',
    ),
    rule(
      'no-unresolvable',
      {},
      // `?url` asks the bundler for the address of a file; the file itself is found by the build.
      { couldNotResolve: true, pathNot: '\\?url$' },
      'nothing is there: correct the path (imports end in .ts) or add the package to package.json',
    ),
    rule(
      'no-dev-dependency-at-run-time',
      {
        path: repo,
        pathNot: [
          test,
          '^engine/(testing\\.ts$|testing/|faults/)',
          // What only a build, a developer's server or a test in a browser loads.
          '^web/(vite\\.config\\.ts$|app/routes\\.ts$|http/dev-app\\.ts$|e2e/)',
        ],
      },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
      'use the package in tests only, or make it a dependency and write the reason into DECISIONS.md',
    ),
    rule(
      'engine-imports-no-one-above-it',
      { path: '^engine/' },
      { path: '^(plugins|kafka|flows|web)/' },
      'the engine knows nobody above it: take what you need as an argument; orderflow.ts hands it in',
    ),
    rule(
      'market-is-pure',
      { path: '^engine/market/', pathNot: test },
      { pathNot: '^engine/(market/|errors\\.ts$)' },
      'market arithmetic imports engine/market and engine/errors.ts only, no package and nothing of Node',
    ),
    rule(
      'contracts-know-only-the-market',
      { path: '^engine/contracts/', pathNot: test },
      { path: repo, pathNot: '^engine/(contracts/|market/|errors\\.ts$)' },
      'a contract imports engine/market, engine/errors.ts and zod',
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/(market|contracts)/' },
      { path: '^engine/(plugin|flow|runtime|inspect|study|cli|store|faults)/' },
      upwards,
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/plugin/' },
      { path: '^engine/(flow|runtime|inspect|study|cli|faults)/' },
      upwards,
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/flow/' },
      { path: '^engine/(runtime|inspect|study|cli|faults)/' },
      upwards,
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/runtime/', pathNot: '\\.(test|fault\\.test)\\.ts$' },
      { path: '^engine/(inspect|study|cli|faults)/' },
      upwards,
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/inspect/' },
      { path: '^engine/(study|cli|faults)/' },
      upwards,
    ),
    rule(
      'engine-layers-go-up',
      { path: '^engine/study/', pathNot: '\\.test\\.ts$' },
      { path: '^engine/(inspect|cli|faults)/' },
      upwards,
    ),
    rule(
      'store-is-a-leaf',
      { path: '^engine/', pathNot: '^engine/store/' },
      { path: '^engine/store/' },
      'the engine never reads the store: orderflow.ts and web/ do',
    ),
    rule(
      'plugins-use-the-kit-only',
      { path: '^plugins/([^/]+)/' },
      { path: repo, pathNot: ['^plugins/$1/', '^engine/index\\.ts$', '^engine/testing\\.ts$'] },
      'a plugin imports #engine and its own folder; if the kit lacks something, add a named re-export to engine/index.ts',
    ),
    rule(
      'testing-door-is-for-tests',
      { path: '^plugins/', pathNot: test },
      { path: '^engine/testing\\.ts$' },
      'import engine/testing.ts from *.test.ts files only',
    ),
    rule(
      'plugins-do-no-io',
      { path: '^plugins/', pathNot: ['^plugins/(ibkr-[^/]+|replay)/', test] },
      { dependencyTypes: ['core'] },
      'a plugin computes; files, sockets and clocks belong to a source or sink',
    ),
    rule(
      'kafka-implements-ports-only',
      { path: '^kafka/' },
      {
        path: repo,
        pathNot: [
          '^kafka/',
          '^engine/index\\.ts$',
          '^engine/testing\\.ts$',
          '^engine/runtime/ports\\.ts$',
        ],
      },
      'the log knows the port and the kit: import engine/runtime/ports.ts or engine/index.ts',
    ),
    rule(
      'web-never-imports-a-plugin',
      // Markets at a given rate, for tests of speed: sources of their own, made from those of the product.
      { path: '^web/', pathNot: '^web/e2e/load-(market|replay)/' },
      { path: '^plugins/' },
      'the web app draws plugins it has never seen: read records, snapshots and the registry handed in',
    ),
    rule(
      'only-the-server-talks-to-the-broker',
      { path: '^web/', pathNot: ['^web/(server\\.ts|.*\\.server\\.ts)$', test] },
      { path: '^kafka/' },
      'import kafka/ from web/server.ts or *.server.ts only',
    ),
    rule(
      'nobody-imports-flows-or-web',
      { pathNot: '^(flows|web)/|^orderflow\\.ts$' },
      { path: '^(flows|web)/' },
      'flows are data and the web app stands on top: only orderflow.ts knows them',
    ),
    rule(
      'nobody-imports-the-root',
      {},
      { path: '^orderflow\\.ts$' },
      'orderflow.ts puts everything together; take what you need as an argument',
    ),
    rule(
      'kafkajs-only-in-kafka',
      { pathNot: '^kafka/' },
      { path: 'node_modules/kafkajs/' },
      'use the log port, engine/runtime/ports.ts',
    ),
    rule(
      'orm-only-in-store',
      { path: repo, pathNot: '^engine/store/' },
      { path: 'node_modules/@mikro-orm/' },
      'use the repositories of engine/store/',
    ),
    rule(
      'ibkr-only-in-ibkr-plugins',
      { pathNot: '^plugins/ibkr-' },
      { path: 'node_modules/@stoqey/ib/' },
      'only the plugins ibkr-* speak to the broker',
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^web/build[-/]' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
