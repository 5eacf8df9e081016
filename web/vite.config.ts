import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [solid()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    // The Content-Security-Policy allows no data: scripts, and a preload polyfill would be an inline one.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
