import { createRoot, createSignal } from 'solid-js';

/** One clock for all relative times of the page: ms since the epoch, moving every five seconds while visible. */
export const now = createRoot(() => {
  const [time, setTime] = createSignal(Date.now());
  const tick = () => document.visibilityState === 'visible' && setTime(Date.now());
  setInterval(tick, 5_000);
  document.addEventListener('visibilitychange', tick);
  return time;
});
