import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createSignal, For, Show } from 'solid-js';
import { Field } from '../../ui/Field.tsx';
import { createMonitorChoice } from './createMonitorChoice.ts';

const maxShown = 8;

/** Selects the dependencies of this monitor, by a part of their name. `self` is excluded. */
export const DependencyPicker = (props: {
  self: string | undefined;
  chosen: string[];
  error: string | undefined;
  onChange: (ids: string[]) => void;
}) => {
  const choice = createMonitorChoice(() => props.chosen);
  const { typed, setTyped, found, nameOf } = choice;
  const [said, setSaid] = createSignal('');
  const others = () => choice.fitting().filter(({ id }) => id !== props.self && !props.chosen.includes(id));
  const take = (id: string, name: string) => {
    props.onChange([...props.chosen, id]);
    setTyped('');
    setSaid(`${name} was added.`);
  };
  const remove = (id: string) => {
    setSaid(`${nameOf(id)} was removed.`);
    props.onChange(props.chosen.filter((other) => other !== id));
  };

  return (
    <>
      <Field
        label="Depends on"
        optional
        error={props.error}
        hint="While one of these is down, alerts of this monitor are suppressed; incidents are still recorded. Search by name or address."
      >
        {(control) => (
          <div class="tag-input">
            <For each={props.chosen}>
              {(id) => (
                <span class="tag removable">
                  {nameOf(id)}
                  <button type="button" aria-label={`Remove dependency on ${nameOf(id)}`} onClick={() => remove(id)}>
                    <X size={14} aria-hidden="true" />
                  </button>
                </span>
              )}
            </For>
            <input
              {...control}
              type="text"
              autocomplete="off"
              spellcheck={false}
              value={typed()}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault();
                const [only, ...more] = others();
                if (only && more.length === 0 && choice.isSettled()) take(only.id, only.name);
              }}
            />
          </div>
        )}
      </Field>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <fieldset class="chips" aria-label="Available dependencies">
        <For each={others().slice(0, maxShown)}>
          {(monitor) => (
            <button type="button" class="chip" onClick={() => take(monitor.id, monitor.name)}>
              <Plus size={16} aria-hidden="true" />
              {monitor.name}
            </button>
          )}
        </For>
        <Show when={others().length > maxShown}>
          <span class="caption">More monitors: search by name</span>
        </Show>
        <Show when={others().length === 0 && found.isSuccess}>
          <span class="caption">{typed().trim() === '' ? 'No other monitors.' : 'No other monitor matches.'}</span>
        </Show>
        <Show when={found.isError}>
          <span class="caption">The monitors could not be loaded. Try again in a moment.</span>
        </Show>
      </fieldset>
    </>
  );
};
