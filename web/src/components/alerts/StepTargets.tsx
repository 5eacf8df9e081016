import Check from 'lucide-solid/icons/check';
import { createUniqueId, For, Show } from 'solid-js';
import type { ChannelView } from '../../../../worker/api/views.ts';
import type { Target } from '../../../../worker/domain/escalation/policy.ts';
import { FieldNotes } from '../Field.tsx';

/** Whom a step tells. Chosen targets that are no channel stay until they are taken away here. */
export const StepTargets = (props: {
  number: number;
  targets: Target[];
  channels: ChannelView[];
  nameOf: (target: Target) => string;
  error: string | undefined;
  onChange: (targets: Target[]) => void;
}) => {
  const id = createUniqueId();
  const isChosen = (target: Target) => props.targets.some((one) => one.type === target.type && one.id === target.id);
  const choices = (): Target[] => {
    const channels = props.channels.map((channel): Target => ({ type: 'channel', id: channel.id }));
    return [...channels, ...props.targets.filter((one) => !channels.some((channel) => channel.id === one.id))];
  };
  const toggle = (target: Target) =>
    props.onChange(
      isChosen(target)
        ? props.targets.filter((one) => one.type !== target.type || one.id !== target.id)
        : [...props.targets, target],
    );
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>
        Tells<span class="visually-hidden"> in step {props.number}</span>
      </legend>
      <div class="chips">
        <For each={choices()}>
          {(target) => (
            <button
              type="button"
              class="chip"
              aria-pressed={isChosen(target)}
              aria-invalid={props.error ? 'true' : undefined}
              onClick={() => toggle(target)}
            >
              <Show when={isChosen(target)}>
                <Check size={16} aria-hidden="true" />
              </Show>
              {props.nameOf(target)}
            </button>
          )}
        </For>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};
