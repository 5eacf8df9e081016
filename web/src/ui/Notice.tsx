import Alert from 'lucide-solid/icons/triangle-alert';
import type { JSX } from 'solid-js';

/** Something that wants attention, with what to do about it. */
export const Notice = (props: { children: JSX.Element }) => (
  <div class="notice">
    <Alert size={20} aria-hidden="true" />
    <p>{props.children}</p>
  </div>
);
