import { For, onMount, Show } from 'solid-js';
import { createStore } from 'solid-js/store';
import type { PersonView } from '../../../../worker/api/views.ts';
import { formatWallTime, instantOf, parseWallTime, wallTimeAt } from '../../../../worker/domain/wallTime.ts';
import type { OverrideInput } from '../../api.ts';
import { createAction } from '../../primitives/createAction.ts';
import { now } from '../../primitives/now.ts';
import { zoneText } from '../../zoned.ts';
import { Field } from '../Field.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';
import '../../styles/form.css';

const hourMs = 3_600_000;

/** Somebody stands in, from the next hour on for a day unless told. Times are on the clocks of the schedule. */
export const OverrideForm = (props: {
  timeZone: string;
  people: PersonView[];
  save: (input: OverrideInput) => Promise<unknown>;
  onCancel: () => void;
}) => {
  const nextHour = Math.ceil(wallTimeAt(Date.now(), props.timeZone) / hourMs) * hourMs;
  const [draft, setDraft] = createStore({
    personId: props.people[0]?.id ?? '',
    from: formatWallTime(nextHour),
    to: formatWallTime(nextHour + 24 * hourMs),
  });
  const save = createAction((input: OverrideInput) => props.save(input));
  let element: HTMLFormElement | undefined;
  onMount(() => element?.querySelector('select')?.focus());
  const change = (part: Partial<typeof draft>) => {
    save.dismiss();
    setDraft(part);
  };
  /** What is no time is sent as it is typed, so that the API says so. */
  const instant = (text: string) => {
    const wall = parseWallTime(text.slice(0, 16));
    return wall === null ? text : new Date(instantOf(wall, props.timeZone)).toISOString();
  };
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    await save.run({ personId: draft.personId, from: instant(draft.from), to: instant(draft.to) });
    if (save.problem()) element?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
  return (
    <form class="form person-form" ref={element} onSubmit={onSubmit} noValidate>
      <Field label="Who stands in" error={save.problem()?.field('personId')}>
        {(control) => (
          <select {...control} onChange={(event) => change({ personId: event.currentTarget.value })}>
            <For each={props.people}>
              {(person) => (
                <option value={person.id} selected={person.id === draft.personId}>
                  {person.name}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <div class="field-row two">
        <For each={['from', 'to'] as const}>
          {(end) => (
            <Field label={end === 'from' ? 'From' : 'Until'} error={save.problem()?.field(end)}>
              {(control) => (
                <input
                  {...control}
                  type="datetime-local"
                  value={draft[end]}
                  onInput={(event) => change({ [end]: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
        </For>
      </div>
      <p class="field-hint">On the clocks of {zoneText(props.timeZone, now())}.</p>
      <Show when={save.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <div class="form-actions">
        <button type="submit" class="button primary" disabled={save.pending()}>
          {save.pending() ? 'Saving…' : 'Stand in'}
        </button>
        <button type="button" class="button" onClick={() => props.onCancel()}>
          Cancel
        </button>
      </div>
    </form>
  );
};
