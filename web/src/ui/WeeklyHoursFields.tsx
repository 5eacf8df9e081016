import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createUniqueId, For, Index, Show } from 'solid-js';
import type { WeeklyHours } from '../../../worker/domain/time/weeklyHours.ts';
import { dayLabels, weekFromMonday } from '../lib/weeklyHoursText.ts';
import { Field, FieldNotes } from './Field.tsx';
import { TimeInput } from './TimeInput.tsx';
import './styles/form.css';

const added: WeeklyHours = { days: ['sat', 'sun'], from: '00:00', to: '00:00' };

/** Hours that come back each week: days and times, in rows that can be added and removed. */
export const WeeklyHoursFields = (props: {
  hours: WeeklyHours[];
  /** Errors by the API's path within the hours: `` is all of them, `0.days` those of the first row. */
  error: (path: string) => string | undefined;
  onChange: (hours: WeeklyHours[]) => void;
}) => {
  let list: HTMLOListElement | undefined;
  let adding: HTMLButtonElement | undefined;
  const change = (index: number, part: Partial<WeeklyHours>) =>
    props.onChange(props.hours.map((one, i) => (i === index ? { ...one, ...part } : one)));
  const focus = (index: number) => list?.children[index]?.querySelector<HTMLElement>('input')?.focus();
  return (
    <>
      <ol class="weekly-hours" ref={list}>
        <Index each={props.hours}>
          {(row, index) => (
            <li>
              <Days
                row={index + 1}
                days={row().days}
                error={props.error(`${index}.days`)}
                onChange={(days) => change(index, { days })}
              />
              <div class="weekly-times">
                <For each={['from', 'to'] as const}>
                  {(end) => (
                    <Field label={end === 'from' ? 'From' : 'To'} error={props.error(`${index}.${end}`)}>
                      {(control) => (
                        <TimeInput
                          control={control}
                          type="time"
                          value={row()[end]}
                          onInput={(value) => change(index, { [end]: value })}
                        />
                      )}
                    </Field>
                  )}
                </For>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Remove entry ${index + 1}`}
                  onClick={() => {
                    props.onChange(props.hours.filter((_, i) => i !== index));
                    if (props.hours.length === 0) adding?.focus();
                    else focus(Math.min(index, props.hours.length - 1));
                  }}
                >
                  <X size={18} aria-hidden="true" />
                </button>
              </div>
            </li>
          )}
        </Index>
      </ol>
      <Show when={props.error('')}>
        <p class="field-error">{props.error('')}</p>
      </Show>
      <button
        type="button"
        class="button small"
        ref={adding}
        aria-invalid={props.error('') ? 'true' : undefined}
        onClick={() => {
          props.onChange([...props.hours, { ...added, days: [...added.days] }]);
          focus(props.hours.length - 1);
        }}
      >
        <Plus size={16} aria-hidden="true" />
        Add hours
      </button>
    </>
  );
};

const Days = (props: {
  row: number;
  days: WeeklyHours['days'];
  error: string | undefined;
  onChange: (days: WeeklyHours['days']) => void;
}) => {
  const id = createUniqueId();
  return (
    <fieldset class="field" aria-describedby={props.error ? `${id}-error` : undefined}>
      <legend>
        Start days<span class="visually-hidden"> (entry {props.row})</span>
      </legend>
      <div class="week">
        <For each={weekFromMonday}>
          {(day) => (
            <label class="check">
              <input
                type="checkbox"
                aria-label={dayLabels[day]}
                aria-invalid={props.error ? 'true' : undefined}
                checked={props.days.includes(day)}
                onChange={(event) =>
                  props.onChange(
                    weekFromMonday.filter((one) =>
                      one === day ? event.currentTarget.checked : props.days.includes(one),
                    ),
                  )
                }
              />
              <span aria-hidden="true">{dayLabels[day].slice(0, 3)}</span>
            </label>
          )}
        </For>
      </div>
      <FieldNotes id={id} error={props.error} />
    </fieldset>
  );
};
