import Plus from 'lucide-solid/icons/plus';
import type { JSX } from 'solid-js';

/** Opens a form that is loaded once somebody points at the button, or reaches it by keyboard. */
export const AddButton = (props: { preload: () => void; onClick: () => void; children: JSX.Element }) => (
  <button
    type="button"
    class="button small"
    data-add=""
    onFocus={() => props.preload()}
    onPointerEnter={() => props.preload()}
    onClick={() => props.onClick()}
  >
    <Plus size={16} aria-hidden="true" />
    {props.children}
  </button>
);
