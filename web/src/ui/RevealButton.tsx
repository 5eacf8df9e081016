import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import { Show } from 'solid-js';

/** Shows a secret, and hides it again. */
export const RevealButton = (props: { label: string; visible: boolean; onToggle: () => void }) => (
  <button
    type="button"
    class="icon-button"
    aria-label={props.label}
    aria-pressed={props.visible}
    onClick={() => props.onToggle()}
  >
    <Show when={props.visible} fallback={<Eye size={18} aria-hidden="true" />}>
      <EyeOff size={18} aria-hidden="true" />
    </Show>
  </button>
);
