import '@mantine/core/styles.css';
import '@mantine/dates/styles.css';
import '@mantine/notifications/styles.css';
import '@fontsource-variable/golos-text';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { followEnter } from './components/fields/secondEnter';
import { followPasting } from './components/pastedWhole';
import { followEscape } from './components/uppermostWindow';
import { followPrinting } from './lib/printing';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
followPrinting();
followEscape();
followPasting();
followEnter();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
