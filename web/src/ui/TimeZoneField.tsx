import { For } from 'solid-js';
import { timeZones } from '../lib/zoned.ts';
import { Field } from './Field.tsx';

/** A time zone by its name. */
export const TimeZoneField = (props: {
  timeZone: string;
  hint?: string;
  disabled?: boolean;
  error: string | undefined;
  onChange: (timeZone: string) => void;
}) => (
  <Field label="Time zone" error={props.error} hint={props.hint}>
    {(control) => (
      <select
        {...control}
        disabled={props.disabled ?? false}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      >
        <For each={timeZones(props.timeZone)}>
          {(zone) => (
            <option value={zone} selected={zone === props.timeZone}>
              {zone.replaceAll('_', ' ')}
            </option>
          )}
        </For>
      </select>
    )}
  </Field>
);
