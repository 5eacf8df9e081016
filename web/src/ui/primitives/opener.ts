let pressed: HTMLElement | null = null;

document.addEventListener(
  'click',
  ({ target }) => {
    pressed = target instanceof Element ? target.closest<HTMLElement>('button, a, summary') : null;
  },
  true,
);

/**
 * The control that opened the current dialog. Safari does not focus a button on a mouse click, so the focus alone is not enough.
 */
export const opener = (): HTMLElement | null => {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && focused !== document.body && focused.tabIndex >= 0 ? focused : pressed;
};
