import Check from 'lucide-solid/icons/check';
import { createUniqueId, For, Show } from 'solid-js';
import { type Target, without } from '../../../../worker/domain/escalation/escalationPolicy.ts';
import { FieldNotes } from '../../ui/Field.tsx';

/** The recipients of a step. Deleted targets stay until they are removed here. */
export const StepTargets = (props: {
  number: number;
  targets: Target[];
  /** All possible recipients. */
  known: Target[];
  nameOf: (target: Target) => string;
  error: string | undefined;
  onChange: (targets: Target[]) => void;
}) => {
  const id = createUniqueId();
  const isChosen = (target: Target) => props.targets.some((one) => one.type === target.type && one.id === target.id);
  const choices = () => [...props.known, ...without(props.targets, props.known)];
  const toggle = (target: Target) =>
    props.onChange(
      isChosen(target)
        ? props.targets.filter((one) => one.type !== target.type || one.id !== target.id)
        : [...props.targets, target],
    );
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>
        Notifies<span class="visually-hidden"> in step {props.number}</span>
      </legend>
      <div class="chips">
        <For each={choices()} fallback={<p class="nothing">No target yet.</p>}>
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
              {/* Names of channels and people stay as they are. */}
              <span classList={{ 'name-start': target.type === 'onCall' || !props.known.includes(target) }}>
                {props.nameOf(target)}
              </span>
            </button>
          )}
        </For>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};
