import { createSignal, Show } from 'solid-js';
import { isMasked } from '../lib/masked.ts';
import type { ControlProps } from './Field.tsx';
import { RevealButton } from './RevealButton.tsx';

/** A secret: hidden until it is asked for. A stored one is masked and stays until something else is typed over it. */
export const SecretInput = (props: {
  control: ControlProps;
  label: string;
  value: string;
  placeholder: string | undefined;
  onInput: (value: string) => void;
  onLeave: () => void;
}) => {
  const [visible, setVisible] = createSignal(false);
  return (
    <div class="secret">
      <input
        {...props.control}
        type={visible() ? 'text' : 'password'}
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck={false}
        placeholder={props.placeholder}
        value={props.value}
        onFocus={(event) => isMasked(props.value) && event.currentTarget.select()}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onBlur={() => props.onLeave()}
      />
      <Show when={!isMasked(props.value)}>
        <RevealButton
          label={`Show ${props.label}`}
          visible={visible()}
          onToggle={() => setVisible((shown) => !shown)}
        />
      </Show>
    </div>
  );
};
