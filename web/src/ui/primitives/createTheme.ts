import { createEffect, createSignal } from 'solid-js';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'pharos-theme';

const stored = (): Theme => {
  const value = document.documentElement.dataset.theme;
  return value === 'light' || value === 'dark' ? value : 'system';
};

/** The chosen theme; `public/theme.js` applies it before the first paint of the next visit. */
export const createTheme = () => {
  const [theme, setTheme] = createSignal<Theme>(stored());
  createEffect(() => {
    const value = theme();
    if (value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    try {
      localStorage.setItem(key, value);
    } catch {
      // Storage may be forbidden: the choice then lasts until the page is closed.
    }
  });
  return [theme, setTheme] as const;
};
