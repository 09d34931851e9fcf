import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './app/app';
import { preloadPage } from './app/pages';
import { createI18n, detectLanguage } from './lib/i18n';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

const i18n = await createI18n(detectLanguage(), preloadPage(location.pathname));
createRoot(root).render(
  <StrictMode>
    <App i18n={i18n} router={BrowserRouter} />
  </StrictMode>,
);
