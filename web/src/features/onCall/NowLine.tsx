import OnCallIcon from 'lucide-solid/icons/phone-call';
import GapIcon from 'lucide-solid/icons/phone-off';
import { Show } from 'solid-js';
import type { OnCallScheduleView } from '../../../../worker/contract/views.ts';
import { now } from '../../lib/now.ts';
import { zoneText } from '../../lib/zoned.ts';
import { onCallText, personName } from './onCallText.ts';
import './onCall.css';

/** The person on call now, until when, and the next one, in the time zone of the schedule. */
export const NowLine = (props: { schedule: OnCallScheduleView }) => (
  <div class="on-call-now" data-gap={props.schedule.now.person === null ? '' : undefined} data-testid="on-call-now">
    <Show when={props.schedule.now.person} fallback={<GapIcon size={22} aria-hidden="true" />}>
      <OnCallIcon size={22} aria-hidden="true" />
    </Show>
    <div>
      <p>
        <strong>{personName(props.schedule.now.person)}</strong>{' '}
        {onCallText(props.schedule.now, props.schedule.timeZone, now())}
      </p>
      <p class="caption">Times of {zoneText(props.schedule.timeZone, now())}</p>
    </div>
  </div>
);
