import { useNavigate } from '@solidjs/router';
import { onCleanup } from 'solid-js';

/** Leads on from this page once something is saved, but nobody back who has left it while that took its time. */
export const createWayOn = () => {
  const navigate = useNavigate();
  let isHere = true;
  onCleanup(() => {
    isHere = false;
  });
  return (href: string): void => {
    if (isHere) navigate(href);
  };
};
