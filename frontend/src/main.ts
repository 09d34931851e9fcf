import './styles/base.css';
import { likelyPage, pageCode } from './app/page-code';
import { loadChunk } from './lib/chunks';
import { detectLanguage } from './lib/language';
import { painted } from './lib/painted';
import { bundles } from './locales/bundles';

/*
 * Small, so that the page is painted from its shell before the rest is asked for; then everything is asked for at once.
 * A failure here is retried, and reported, by the code that needs it.
 */
const language = detectLanguage();
const page = likelyPage(location.pathname);
const early = (load: () => Promise<unknown>) => void load().catch(() => undefined);

await painted();
early(bundles[language].common);
if (page) {
  early(bundles[language][page]);
  early(pageCode[page]);
}
try {
  const { start } = await loadChunk(() => import('./app/start'));
  await start(language, page);
} catch (error) {
  // The shell says it, because nothing else is there.
  document.documentElement.dataset['failed'] = '';
  throw error;
}
