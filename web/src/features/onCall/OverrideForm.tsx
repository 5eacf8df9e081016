import { For, onMount } from 'solid-js';
import type { PersonView } from '../../../../worker/contract/views.ts';
import { overrideSchema } from '../../../../worker/domain/onCall/onCallSchedule.ts';
import { formatWallTime, instantOf, parseWallTime, wallTimeAt } from '../../../../worker/domain/time/wallTime.ts';
import type { OverrideInput } from '../../app/cache/api.ts';
import { issuesOf } from '../../lib/issues.ts';
import { now } from '../../lib/now.ts';
import { zoneText } from '../../lib/zoned.ts';
import { Field } from '../../ui/Field.tsx';
import { Form } from '../../ui/Form.tsx';
import { createForm } from '../../ui/primitives/createForm.ts';
import { TimeInput } from '../../ui/TimeInput.tsx';

const hourMs = 3_600_000;

/** Somebody stands in, from the next hour on for a day by default. Times are on the clocks of the schedule. */
export default function OverrideForm(props: {
  timeZone: string;
  people: PersonView[];
  save: (input: OverrideInput) => Promise<unknown>;
  onCancel: () => void;
}) {
  const nextHour = Math.ceil(wallTimeAt(Date.now(), props.timeZone) / hourMs) * hourMs;
  /** An invalid time is sent as typed, so that the API reports it. */
  const instant = (text: string) => {
    const wall = parseWallTime(text.slice(0, 16));
    return wall === null ? text : new Date(instantOf(wall, props.timeZone)).toISOString();
  };
  const inputOf = ({ personId, from, to }: OverrideInput) => ({ personId, from: instant(from), to: instant(to) });
  const form = createForm({
    initial: {
      personId: props.people[0]?.id ?? '',
      from: formatWallTime(nextHour),
      to: formatWallTime(nextHour + 24 * hourMs),
    },
    problems: (draft) => issuesOf(overrideSchema.safeParse(inputOf(draft))),
    input: inputOf,
    save: (input: OverrideInput) => props.save(input),
  });
  let fields: HTMLDivElement | undefined;
  onMount(() => fields?.querySelector('select')?.focus());
  return (
    <Form form={form} class="person-form" button="Add override" cancel={() => props.onCancel()}>
      <div ref={fields}>
        <Field label="Person on call" error={form.error('personId')}>
          {(control) => (
            <select {...control} onChange={(event) => form.change({ personId: event.currentTarget.value })}>
              <For each={props.people}>
                {(person) => (
                  <option value={person.id} selected={person.id === form.draft.personId}>
                    {person.name}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <div class="field-row two">
        <For each={['from', 'to'] as const}>
          {(end) => (
            <Field label={end === 'from' ? 'From' : 'Until'} error={form.error(end)}>
              {(control) => (
                <TimeInput
                  control={control}
                  type="datetime-local"
                  value={form.draft[end]}
                  onInput={(value) => form.change({ [end]: value })}
                  onLeave={() => form.leave(end)}
                />
              )}
            </Field>
          )}
        </For>
      </div>
      <p class="field-hint">In local time of {zoneText(props.timeZone, now())}.</p>
    </Form>
  );
}
