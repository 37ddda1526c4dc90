// How the screen is built, served while it is worked on, and tested.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

/** Where the program looks for the served screen while it is worked on. */
const { build: { devUrl } } = JSON.parse(readFileSync(new URL('../tauri.conf.json', import.meta.url), 'utf8')) as { build: { devUrl: string } };

export default defineConfig({
  base: '/',
  plugins: [svelte(), svelteTesting()],
  build: {
    target: 'safari18',
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'customer.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))) },
  },
  server: { port: Number(new URL(devUrl).port), strictPort: true, host: '127.0.0.1' },
  test: {
    environment: 'happy-dom',
    include: ['tests/**/*.test.ts'],
    restoreMocks: true,
  },
});
