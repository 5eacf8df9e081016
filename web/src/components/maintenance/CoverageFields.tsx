import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { MaintenanceDraft } from '../../maintenanceDraft.ts';
import { useInfiniteQuery } from '../../primitives/query.ts';
import { monitorsQuery } from '../../queries.ts';
import { FieldNotes } from '../Field.tsx';

/** So many monitors are chosen from at a glance; more are searched. */
const searchAbove = 8;

/** Which monitors a window holds: all, or chosen ones and those with chosen tags. */
export const CoverageFields = (props: {
  draft: MaintenanceDraft;
  error: (path: string) => string | undefined;
  onChange: (part: Partial<MaintenanceDraft>) => void;
}) => {
  const id = createUniqueId();
  const monitors = useInfiniteQuery(() => monitorsQuery({}));
  const known = () => monitors.items;
  const [search, setSearch] = createSignal('');
  const shown = () => known().filter((monitor) => monitor.name.toLowerCase().includes(search().toLowerCase()));
  const tags = () => [...new Set([...known().flatMap((monitor) => monitor.tags), ...props.draft.tags])].sort();
  const error = () => props.error('monitorIds') ?? props.error('tags');
  const toggled = (list: string[], item: string, on: boolean) =>
    on ? [...list, item] : list.filter((other) => other !== item);
  return (
    <fieldset class="field coverage" aria-describedby={error() ? `${id}-error` : `${id}-hint`}>
      <legend>Monitors</legend>
      <div class="choices">
        <label class="check">
          <input
            type="radio"
            name={id}
            checked={props.draft.allMonitors}
            onChange={() => props.onChange({ allMonitors: true })}
          />
          All monitors, also those to come
        </label>
        <label class="check">
          <input
            type="radio"
            name={id}
            checked={!props.draft.allMonitors}
            onChange={() => props.onChange({ allMonitors: false })}
          />
          Chosen monitors and tags
        </label>
      </div>
      <Show when={!props.draft.allMonitors}>
        <Show when={tags().length > 0}>
          <fieldset class="chips" aria-label="Tags">
            <For each={tags()}>
              {(tag) => (
                <button
                  type="button"
                  class="chip"
                  aria-pressed={props.draft.tags.includes(tag)}
                  onClick={() =>
                    props.onChange({ tags: toggled(props.draft.tags, tag, !props.draft.tags.includes(tag)) })
                  }
                >
                  Tag {tag}
                </button>
              )}
            </For>
          </fieldset>
        </Show>
        <Show when={known().length > searchAbove || monitors.hasNextPage}>
          <input
            type="search"
            aria-label="Search monitors"
            placeholder="Search by name"
            value={search()}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </Show>
        <ul class="coverage-list" aria-label="Monitors to choose from">
          <For each={shown()}>
            {(monitor) => (
              <li>
                <label class="check">
                  <input
                    type="checkbox"
                    aria-invalid={error() ? 'true' : undefined}
                    checked={props.draft.monitorIds.includes(monitor.id)}
                    onChange={(event) =>
                      props.onChange({
                        monitorIds: toggled(props.draft.monitorIds, monitor.id, event.currentTarget.checked),
                      })
                    }
                  />
                  {monitor.name}
                </label>
              </li>
            )}
          </For>
        </ul>
        <Show when={monitors.hasNextPage}>
          <button type="button" class="button small" onClick={() => void monitors.fetchNextPage()}>
            Show more monitors
          </button>
        </Show>
      </Show>
      <FieldNotes
        id={id}
        error={error()}
        hint="Checks go on and verdicts are shown. Nobody is alerted, and the time counts as maintenance."
      />
    </fieldset>
  );
};
