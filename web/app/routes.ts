import { index, type RouteConfig, route } from '@remix-run/route-config';

/** Every page and resource of the app, by URL. */
export default [
  index('routes/command-center.tsx'),
  route('api/command', 'routes/api.command.ts'),
  route('api/session', 'routes/api.session.ts'),
  route('api/history', 'routes/api.history.ts'),
  route('alerts', 'routes/alerts.tsx'),
  route('api/alerts', 'routes/api.alerts.ts'),
  route('api/guards', 'routes/api.guards.ts'),
  route('machines', 'routes/machines.tsx'),
  route('machines/:node', 'routes/machine.tsx'),
  route('why', 'routes/why.tsx'),
  route('flows', 'routes/flows.tsx'),
  route('flows/:id', 'routes/flows.$id.tsx'),
  route('flows/:id/versions', 'routes/flows.$id.versions.tsx'),
  route('flows/:id/deploy', 'routes/flows.$id.deploy.ts'),
  route('api/flows', 'routes/api.flows.ts'),
  route('api/node-io', 'routes/api.node-io.ts'),
  route('api/when-counts', 'routes/api.when-counts.ts'),
  route('api/editor-facts', 'routes/api.editor-facts.ts'),
  route('plugins', 'routes/plugins.tsx'),
  route('plugins/:id', 'routes/plugins.$id.tsx'),
  route('topics', 'routes/topics.tsx'),
  route('api/topics', 'routes/api.topics.ts'),
  route('health', 'routes/health.tsx'),
  route('api/health', 'routes/api.health.ts'),
  route('journal/:date?', 'routes/journal.tsx'),
  route('reports', 'routes/reports.tsx'),
  route('help/:section?', 'routes/help.tsx'),
  // Without it an unknown address has no route, and the browser takes up another page than the server made.
  route('*', 'routes/not-found.tsx'),
] satisfies RouteConfig;
