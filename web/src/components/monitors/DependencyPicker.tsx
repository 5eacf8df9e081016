import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js';
import { useInfiniteQuery, useQuery } from '../../primitives/query.ts';
import { dependenciesQuery, monitorsQuery } from '../../queries.ts';
import { Field } from '../Field.tsx';

const maxShown = 8;
const searchAfterMs = 250;

/** Which monitors this one depends on: found by a part of their name, taken with a press. `self` is left out. */
export const DependencyPicker = (props: {
  self: string | undefined;
  chosen: string[];
  error: string | undefined;
  onChange: (ids: string[]) => void;
}) => {
  const [typed, setTyped] = createSignal('');
  const [search, setSearch] = createSignal('');
  const [said, setSaid] = createSignal('');
  const [names, setNames] = createSignal<Record<string, string>>({});
  createEffect(() => {
    const text = typed().trim();
    const timer = setTimeout(() => setSearch(text), searchAfterMs);
    onCleanup(() => clearTimeout(timer));
  });
  const found = useInfiniteQuery(() => monitorsQuery(search() === '' ? {} : { search: search() }));
  const known = useQuery(() => ({ ...dependenciesQuery(props.self ?? ''), enabled: props.self !== undefined }));
  const listed = () => found.items;
  const others = () => listed().filter(({ id }) => id !== props.self && !props.chosen.includes(id));
  const nameOf = (id: string) => {
    const related = known.isSuccess ? known.data.dependsOn.find((one) => one.id === id)?.name : undefined;
    return names()[id] ?? related ?? listed().find((one) => one.id === id)?.name ?? 'Monitor';
  };
  const take = (id: string, name: string) => {
    setNames({ ...names(), [id]: name });
    props.onChange([...props.chosen, id]);
    setTyped('');
    setSaid(`${name} is added.`);
  };
  const remove = (id: string) => {
    setSaid(`${nameOf(id)} is taken away.`);
    props.onChange(props.chosen.filter((other) => other !== id));
  };

  return (
    <>
      <Field
        label="Depends on"
        optional
        error={props.error}
        hint="While one of these is down, this monitor alerts nobody; its incidents are recorded all the same. Search by name or address."
      >
        {(control) => (
          <div class="tag-input">
            <For each={props.chosen}>
              {(id) => (
                <span class="tag removable">
                  {nameOf(id)}
                  <button type="button" aria-label={`No longer depend on ${nameOf(id)}`} onClick={() => remove(id)}>
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
                if (only && more.length === 0 && search() === typed().trim()) take(only.id, only.name);
              }}
            />
          </div>
        )}
      </Field>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <fieldset class="chips" aria-label="Monitors to depend on">
        <For each={others().slice(0, maxShown)}>
          {(monitor) => (
            <button type="button" class="chip" onClick={() => take(monitor.id, monitor.name)}>
              <Plus size={16} aria-hidden="true" />
              {monitor.name}
            </button>
          )}
        </For>
        <Show when={others().length > maxShown}>
          <span class="caption">and more: search for them</span>
        </Show>
        <Show when={others().length === 0 && found.isSuccess}>
          <span class="caption">{search() === '' ? 'There is no other monitor.' : 'No other monitor fits.'}</span>
        </Show>
        <Show when={found.isError}>
          <span class="caption">The monitors could not be loaded; try again in a moment.</span>
        </Show>
      </fieldset>
    </>
  );
};
