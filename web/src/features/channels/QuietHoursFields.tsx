import { Show } from 'solid-js';
import { ExplainedCheck } from '../../ui/ExplainedCheck.tsx';
import { TimeZoneField } from '../../ui/TimeZoneField.tsx';
import { WeeklyHoursFields } from '../../ui/WeeklyHoursFields.tsx';
import type { QuietDraft } from './quietDraft.ts';

/** The quiet hours of a channel. */
export const QuietHoursFields = (props: {
  draft: QuietDraft;
  /** Errors by the API's path. */
  error: (path: string) => string | undefined;
  onChange: (part: Partial<QuietDraft>) => void;
}) => (
  <fieldset class="field quiet-hours">
    <legend>Quiet hours</legend>
    <ExplainedCheck
      label="Hold alerts during quiet hours"
      hint="Alerts wait until quiet hours end; a problem that started and recovered meanwhile causes one message. Further steps of a policy still notify other channels. Tests are sent at any time."
      checked={props.draft.isOn}
      onChange={(isOn) => props.onChange({ isOn })}
    />
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
      <ExplainedCheck
        label="Critical monitors bypass quiet hours"
        hint="Mark a monitor as critical in its settings, under Advanced."
        checked={props.draft.exceptCritical}
        onChange={(exceptCritical) => props.onChange({ exceptCritical })}
      />
    </Show>
  </fieldset>
);
