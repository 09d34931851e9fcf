import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { precompress } from './precompress';
import { staticShells } from './static-shells';

/** The font of the words is asked for together with the page, so that the text does not jump when it arrives. */
function preloadFonts(): Plugin {
  return {
    name: 'burnbag:preload-fonts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => /source-sans[^/]*\.woff2$/.test(file))
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
  plugins: [react(), preloadFonts(), staticShells(), precompress()],
  build: {
    outDir: 'dist',
    sourcemap: false,
    target: ['chrome123', 'firefox128', 'safari18'],
    // A data: URL would need a wider content security policy; every asset stays a file of its own.
    assetsInlineLimit: 0,
    // All styles together are smaller than one screen of text, and the first paint needs most of them.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://localhost:3000' } },
  preview: { proxy: { '/api': 'http://localhost:3000' } },
});
