import { fileURLToPath } from 'node:url';
import { createServer, type Plugin, type Rollup } from 'vite';

type Shells = Awaited<ReturnType<(typeof import('./src/app/shells'))['renderShells']>>;

const ROOT = fileURLToPath(new URL('.', import.meta.url));
const PLACE = '<div id="root"></div>';
/** src/lib/session/sign-in-offer.ts reads it: how people sign in is known without a request. */
const OFFERS = ['oidc', 'local'] as const;
const ROOT_TAG = '<html lang="en"';

/** Runs the app's own components once, as a page would, but without a browser. */
async function renderShells(): Promise<Shells> {
  const server = await createServer({
    configFile: false,
    root: ROOT,
    appType: 'custom',
    logLevel: 'error',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  try {
    const module = (await server.ssrLoadModule('/src/app/shells.tsx')) as typeof import('./src/app/shells');
    return await module.renderShells();
  } finally {
    await server.close();
  }
}

/** A class without a rule would be painted bare, and then jump: that fails the build. */
function checkStyles(bundle: Rollup.OutputBundle, { name, html }: Shells[number]): void {
  const css = Object.values(bundle)
    .map((file) => (file.type === 'asset' && file.fileName.endsWith('.css') ? String(file.source) : ''))
    .join('');
  const classes = [...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names = '']) => names.split(' '));
  const bare = classes.filter((own) => own.startsWith('_') && !css.includes(`.${own}`));
  if (bare.length > 0)
    throw new Error(`the shell of ${name} uses classes without a rule: ${bare.join(', ')}`);
}

function fill(page: string, { html }: Shells[number]): string {
  for (const part of [PLACE, ROOT_TAG])
    if (!page.includes(part)) throw new Error(`index.html has no ${part}`);
  return (
    page
      .replace(PLACE, () => `<div id="shell">${html}</div>${PLACE}`)
      // Styles and fonts first: what can be seen comes before what can be operated.
      .replaceAll(/<(script type="module"|link rel="modulepreload")/g, '<$1 fetchpriority="low"')
  );
}

/**
 * One HTML file per page, each with what it shows first already in it: `index.html` is the create page, the others are
 * called as in src/app/shells.tsx. Where people sign in, the server takes the same pages from `oidc/` or `local/`, which say
 * so. The development server goes on without shells.
 */
export function staticShells(): Plugin {
  return {
    name: 'burnbag:static-shells',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const index = bundle['index.html'];
        if (index?.type !== 'asset') throw new Error('no index.html was built');
        const empty = String(index.source);
        for (const shell of await renderShells()) {
          checkStyles(bundle, shell);
          const page = fill(empty, shell);
          const file = shell.name === 'create' ? 'index.html' : `${shell.name}.html`;
          if (shell.name === 'create') index.source = page;
          else this.emitFile({ type: 'asset', fileName: file, source: page });
          for (const offer of OFFERS) {
            const source = page.replace(ROOT_TAG, `${ROOT_TAG} data-sign-in="${offer}"`);
            this.emitFile({ type: 'asset', fileName: `${offer}/${file}`, source });
          }
        }
      },
    },
  };
}
