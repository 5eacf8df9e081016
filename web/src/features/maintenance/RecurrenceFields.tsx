import { createUniqueId, For, Show } from 'solid-js';
import {
  type Repeat,
  repeats,
  repeatText,
  ruleOf,
  unitOf,
  weekdayLabels,
  weekdayOf,
  weekdays,
} from '../../lib/recurrence.ts';
import { Field, FieldNotes } from '../../ui/Field.tsx';
import { TimeInput } from '../../ui/TimeInput.tsx';
import type { MaintenanceDraft } from './maintenanceDraft.ts';

/** The recurrence of a window: simple choices, and a rule for everything else. */
export const RecurrenceFields = (props: {
  draft: MaintenanceDraft;
  error: string | undefined;
  onChange: (part: Partial<MaintenanceDraft>) => void;
}) => {
  const id = createUniqueId();
  const choose = (repeat: Repeat) => {
    const days = props.draft.days.length > 0 ? props.draft.days : [weekdayOf(props.draft.startsAt)];
    // A choice that was made before is a beginning for a rule of one's own.
    const rule = props.draft.rule || (ruleOf({ ...props.draft, days }, props.draft.startsAt) ?? 'FREQ=WEEKLY;BYDAY=SU');
    props.onChange({ repeat, days, rule });
  };
  /** The complaint stands where the rule is written, or else where the choice is made. */
  const errorAt = (place: 'choice' | 'days' | 'rule') => {
    const { repeat } = props.draft;
    return place === (repeat === 'custom' ? 'rule' : repeat === 'weekly' ? 'days' : 'choice') ? props.error : undefined;
  };
  return (
    <>
      <Field label="Repeats" error={errorAt('choice')}>
        {(control) => (
          <select {...control} onChange={(event) => choose(event.currentTarget.value as Repeat)}>
            <For each={repeats}>
              {(repeat) => (
                <option value={repeat} selected={repeat === props.draft.repeat}>
                  {repeatText(repeat, props.draft.startsAt)}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <Show when={props.draft.repeat === 'weekly'}>
        <fieldset class="field" aria-describedby={errorAt('days') ? `${id}-error` : undefined}>
          <legend>On</legend>
          <div class="weekdays">
            <For each={weekdays}>
              {(day) => (
                <label class="check">
                  <input
                    type="checkbox"
                    aria-invalid={errorAt('days') ? 'true' : undefined}
                    checked={props.draft.days.includes(day)}
                    onChange={(event) =>
                      props.onChange({
                        days: event.currentTarget.checked
                          ? [...props.draft.days, day]
                          : props.draft.days.filter((other) => other !== day),
                      })
                    }
                  />
                  {weekdayLabels[day]}
                </label>
              )}
            </For>
          </div>
          <FieldNotes id={id} error={errorAt('days')} />
        </fieldset>
      </Show>
      <Show when={unitOf(props.draft.repeat)}>
        {(unit) => (
          <div class="field-row two">
            <Field label={`Interval in ${unit()}s`}>
              {(control) => (
                <input
                  {...control}
                  type="number"
                  inputmode="numeric"
                  min={1}
                  max={99}
                  value={props.draft.interval}
                  onInput={({ currentTarget: { valueAsNumber: interval } }) => {
                    if (Number.isInteger(interval) && interval >= 1 && interval <= 99) props.onChange({ interval });
                  }}
                  onBlur={(event) => {
                    event.currentTarget.value = String(props.draft.interval);
                  }}
                />
              )}
            </Field>
            <Field label="Until" optional hint="The last start date.">
              {(control) => (
                <TimeInput
                  control={control}
                  type="date"
                  value={props.draft.until}
                  onInput={(until) => props.onChange({ until })}
                />
              )}
            </Field>
          </div>
        )}
      </Show>
      <Show when={props.draft.repeat === 'custom'}>
        <Field
          label="Rule"
          error={errorAt('rule')}
          hint="An iCalendar RRULE (RFC 5545), at most daily. Example: FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 is the last working day of each month."
        >
          {(control) => (
            <input
              {...control}
              type="text"
              autocomplete="off"
              autocapitalize="characters"
              spellcheck={false}
              value={props.draft.rule}
              onInput={(event) => props.onChange({ rule: event.currentTarget.value })}
            />
          )}
        </Field>
      </Show>
    </>
  );
};
