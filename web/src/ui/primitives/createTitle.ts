import { createRenderEffect, createSignal } from 'solid-js';

/** The name of the page that is open. */
export const [title, setTitle] = createSignal('');
export const [downCount, setDownCount] = createSignal(0);

/** Names the page in the tab and in the history. */
export const createTitle = (text: () => string | undefined) => {
  createRenderEffect(() => setTitle(text() ?? ''));
};

/** Mounted once by the app: writes the page's name and how many monitors are down into the tab. */
export const createDocumentTitle = () => {
  createRenderEffect(() => {
    const down = downCount() > 0 ? `(${downCount()} down) ` : '';
    document.title = down + (title() ? `${title()} · Pharos` : 'Pharos');
  });
};
