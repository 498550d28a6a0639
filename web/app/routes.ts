import { index, type RouteConfig } from '@remix-run/route-config';

/** Every page and resource of the app, by URL. */
export default [index('routes/command-center.tsx')] satisfies RouteConfig;
