import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { precompress } from './precompress';

/** The two fonts are asked for together with the page, so that the text does not jump when they arrive. */
function preloadFonts(): Plugin {
  return {
    name: 'burnbag:preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => file.endsWith('.woff2'))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true },
            injectTo: 'head',
          })),
    },
  };
}

const unusedRecipients = fileURLToPath(new URL('src/lib/seal/unused-recipients.ts', import.meta.url));

export default defineConfig({
  resolve: {
    alias: {
      '@noble/post-quantum/hybrid.js': unusedRecipients,
      '@noble/curves/nist.js': unusedRecipients,
      '@noble/hashes/scrypt.js': unusedRecipients,
    },
  },
  plugins: [react(), preloadFonts(), precompress()],
  build: {
    outDir: 'dist',
    sourcemap: false,
    target: ['chrome123', 'firefox128', 'safari18'],
    // A data: URL would need a wider content security policy; every asset stays a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://localhost:3000' } },
  preview: { proxy: { '/api': 'http://localhost:3000' } },
});
