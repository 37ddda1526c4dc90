// The page's content security policy allows no injected styles: component styles go into a file of their own.
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { css: 'external', runes: true },
};
