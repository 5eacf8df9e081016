import { onCleanup } from 'solid-js';
import { accountKey, knownAccount } from '../../lib/account.ts';

/** Calls back once somebody else has signed in at another window of this browser. */
export const onOtherAccount = (act: () => void): void => {
  const look = (event: StorageEvent) => {
    if (event.key === accountKey && event.newValue !== knownAccount()) act();
  };
  window.addEventListener('storage', look);
  onCleanup(() => window.removeEventListener('storage', look));
};
