import { fileURLToPath } from 'node:url';
import { build, defineConfig, type Plugin, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/**
 * The oldest browser versions with the features that the dashboard uses (`public/supported.js` tests for them, the README lists
 * them).
 */
const browsers = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

/** A service worker is one file, at an address that never changes. */
const serviceWorker = (): Plugin => ({
  name: 'service-worker',
  async generateBundle() {
    const input = path('serviceWorker/index.ts');
    const rolldownOptions = { input, output: { format: 'iife' as const } };
    const built = await build({
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: { write: false, target: browsers, rolldownOptions },
    });
    const [{ code }] = (built as Rolldown.RolldownOutput).output;
    this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: code });
  },
});

export default defineConfig({
  root: path('.'),
  plugins: [solid(), serviceWorker()],
  build: {
    target: browsers,
    outDir: 'dist',
    emptyOutDir: true,
    // The Content-Security-Policy allows no data: scripts, and a preload polyfill would be an inline one.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
