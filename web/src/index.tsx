import './zodConfig.ts';
import { render } from 'solid-js/web';
import { App } from './app.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';

const root = document.getElementById('app');
const isSupported = !document.documentElement.hasAttribute('data-unsupported');
if (root && isSupported) render(() => <App />, root);
