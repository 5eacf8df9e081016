import { Show } from 'solid-js';
import type { QuietDraft } from '../../quietDraft.ts';
import { TimeZoneField } from '../TimeZoneField.tsx';
import { WeeklyHoursFields } from '../WeeklyHoursFields.tsx';

/** When a channel keeps still. */
export const QuietHoursFields = (props: {
  draft: QuietDraft;
  /** By the API's path. */
  error: (path: string) => string | undefined;
  onChange: (part: Partial<QuietDraft>) => void;
}) => (
  <fieldset class="field quiet-hours">
    <legend>Quiet hours</legend>
    <label class="check explained">
      <input
        type="checkbox"
        checked={props.draft.isOn}
        onChange={(event) => props.onChange({ isOn: event.currentTarget.checked })}
      />
      <span>
        Hold alerts during quiet hours
        <small>
          They wait until quiet hours end; a problem that began and ended meanwhile comes as one message. Further steps
          of a policy, which notify others, go on. Tests come at any time.
        </small>
      </span>
    </label>
    <Show when={props.draft.isOn}>
      <WeeklyHoursFields
        hours={props.draft.hours}
        error={(path) => props.error(['quietHours.hours', path].filter(Boolean).join('.'))}
        onChange={(hours) => props.onChange({ hours })}
      />
      <TimeZoneField
        timeZone={props.draft.timeZone}
        error={props.error('quietHours.timeZone')}
        onChange={(timeZone) => props.onChange({ timeZone })}
      />
      <label class="check explained">
        <input
          type="checkbox"
          checked={props.draft.exceptSevere}
          onChange={(event) => props.onChange({ exceptSevere: event.currentTarget.checked })}
        />
        <span>
          Severe monitors come through
          <small>You say of a monitor that it is severe in its form, under Advanced.</small>
        </span>
      </label>
    </Show>
  </fieldset>
);
