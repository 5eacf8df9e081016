import { A } from '@solidjs/router';
import Calendar from 'lucide-solid/icons/calendar-days';
import type { OnCallScheduleView } from '../../../../worker/contract/views.ts';
import { EditAndDelete } from '../../ui/EditAndDelete.tsx';
import { guarded } from '../../ui/guarded.tsx';
import { NowLine } from './NowLine.tsx';

/** A schedule in the list, with the person on call. */
export const ScheduleCard = guarded((props: { schedule: OnCallScheduleView; onDelete: () => void }) => (
  <li class="panel channel" data-testid="schedule">
    <h2>
      <A href={`/alerts/on-call/${props.schedule.id}`}>{props.schedule.name}</A>
    </h2>
    <NowLine schedule={props.schedule} />
    <div class="actions">
      <A
        href={`/alerts/on-call/${props.schedule.id}`}
        class="button"
        aria-label={`Calendar and overrides of ${props.schedule.name}`}
      >
        <Calendar size={18} aria-hidden="true" />
        Calendar and overrides
      </A>
      <EditAndDelete
        name={props.schedule.name}
        href={`/alerts/on-call/${props.schedule.id}/edit`}
        onDelete={() => props.onDelete()}
      />
    </div>
  </li>
));
