import { index, type RouteConfig, route } from '@remix-run/route-config';

/** Every page and resource of the app, by URL. */
export default [
  index('routes/command-center.tsx'),
  route('api/command', 'routes/api.command.ts'),
  route('api/history', 'routes/api.history.ts'),
] satisfies RouteConfig;
