import { createMemo, createUniqueId, For, Show, untrack } from 'solid-js';
import { useQuery } from '../../app/cache/query.ts';
import { FieldNotes } from '../../ui/Field.tsx';
import { createMonitorChoice } from '../monitors/createMonitorChoice.ts';
import { tagsQuery } from '../monitors/queries.ts';
import type { MaintenanceDraft } from './maintenanceDraft.ts';

/** So many monitors are chosen from at a glance; more are searched. */
const searchAbove = 8;

/** The monitors that a window covers: all, or chosen ones and those with chosen tags. */
export const CoverageFields = (props: {
  draft: MaintenanceDraft;
  error: (path: string) => string | undefined;
  onChange: (part: Partial<MaintenanceDraft>) => void;
}) => {
  const id = createUniqueId();
  const choice = createMonitorChoice(() => props.draft.monitorIds);
  const known = useQuery(tagsQuery);
  /** Chosen ones come first, so that they can be removed even if they are not loaded otherwise. */
  const before = untrack(() => props.draft.monitorIds);
  const shown = createMemo(() => {
    const found = choice.fitting().map(({ id }) => id);
    if (choice.typed() !== '') return found;
    const more = props.draft.monitorIds.filter((chosen) => !found.includes(chosen));
    return [...new Set([...before, ...more, ...found])];
  });
  const tags = () => [...new Set([...(known.isSuccess ? known.data : []), ...props.draft.tags])].sort();
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
          All current and future monitors
        </label>
        <label class="check">
          <input
            type="radio"
            name={id}
            checked={!props.draft.allMonitors}
            onChange={() => props.onChange({ allMonitors: false })}
          />
          Selected monitors and tags
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
        <Show when={shown().length > searchAbove || choice.found.hasNextPage || choice.typed() !== ''}>
          <input
            type="search"
            aria-label="Search monitors"
            placeholder="Search by name or address"
            value={choice.typed()}
            onInput={(event) => choice.setTyped(event.currentTarget.value)}
          />
        </Show>
        <ul class="coverage-list" aria-label="Available monitors">
          <For each={shown()}>
            {(monitorId) => (
              <li>
                <label class="check">
                  <input
                    type="checkbox"
                    aria-invalid={error() ? 'true' : undefined}
                    checked={props.draft.monitorIds.includes(monitorId)}
                    onChange={(event) =>
                      props.onChange({
                        monitorIds: toggled(props.draft.monitorIds, monitorId, event.currentTarget.checked),
                      })
                    }
                  />
                  {choice.nameOf(monitorId)}
                </label>
              </li>
            )}
          </For>
        </ul>
        <Show when={choice.found.hasNextPage}>
          <button type="button" class="button small" onClick={() => void choice.found.fetchNextPage()}>
            Show more monitors
          </button>
        </Show>
      </Show>
      <FieldNotes
        id={id}
        error={error()}
        hint="Checks continue. Alerts are suppressed, and the time counts as maintenance."
      />
    </fieldset>
  );
};
