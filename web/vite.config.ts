import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

// The root is the project's, not this folder: there is the package.json whose `imports` name the engine.
export default defineConfig({
  plugins: [
    remix({
      appDirectory: 'web/app',
      buildDirectory: process.env['ORDERFLOW_WEB_BUILD'] ?? 'web/build',
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: true,
        v3_singleFetch: true,
        v3_routeConfig: true,
      },
    }),
  ],
  publicDir: 'web/public',
  build: { target: 'es2022' },
  // Found on a first visit, these would reload the page under a user.
  optimizeDeps: { include: ['@remix-run/react', 'react-dom/client', 'lightweight-charts'] },
});
