let pressed: HTMLElement | null = null;

document.addEventListener(
  'click',
  ({ target }) => {
    pressed = target instanceof Element ? target.closest<HTMLElement>('button, a, summary') : null;
  },
  true,
);

/** The control that opened what opens now. Safari does not focus a button that the mouse presses, so the focus alone does not say. */
export const opener = (): HTMLElement | null => {
  const focused = document.activeElement;
  return focused instanceof HTMLElement && focused !== document.body && focused.tabIndex >= 0 ? focused : pressed;
};
