import './lib/zodConfig.ts';
import { render } from 'solid-js/web';
import { App } from './app/app.tsx';
import './ui/styles/tokens.css';
import './ui/styles/base.css';
import './app/shell.css';
import './ui/styles/controls.css';

const root = document.getElementById('app');
const isSupported = !document.documentElement.hasAttribute('data-unsupported');
if (root && isSupported) render(() => <App />, root);
