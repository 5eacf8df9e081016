import { useNavigate } from '@solidjs/router';
import { onCleanup } from 'solid-js';

/** Navigates on after a save, unless the person has left the page meanwhile. */
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
