const waiting: (() => void)[] = [];
let pressed = false;

const release = () => {
  pressed = false;
  // The click comes after the release, in the same turn.
  setTimeout(() => {
    for (const act of waiting.splice(0)) act();
  });
};

document.addEventListener('pointerdown', () => (pressed = true), true);
document.addEventListener('pointerup', release, true);
document.addEventListener('pointercancel', release, true);

/**
 * Runs `act` once no pointer is pressed and the click has arrived. Pressing a button leaves the field before it: a
 * message that appeared at once would move the button away from under the pointer, and the click would be lost.
 */
export const afterPress = (act: () => void): void => {
  if (pressed) waiting.push(act);
  else setTimeout(act);
};
