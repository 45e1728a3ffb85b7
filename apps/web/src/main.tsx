import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.js';
import { preferences } from './app/preferences.js';
import { resume } from './features/session/signing.js';
import './styles.css';
import { loadLanguage } from './texts/i18n.js';

// Schemas would try whether they may make functions of text, and the browser notes each try that the page forbids. This
// is where zod keeps its settings; its own `config` would bring 4 kB of it to the first page.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });

const { language, shade } = preferences();
document.documentElement.dataset.shade = shade;
document.documentElement.lang = language;

const [locale] = await Promise.all([loadLanguage(language), resume()]);
createRoot(document.getElementById('app') as HTMLElement).render(
  <StrictMode>
    <App locale={locale} />
  </StrictMode>,
);
