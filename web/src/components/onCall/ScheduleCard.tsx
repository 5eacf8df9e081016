import { A } from '@solidjs/router';
import Calendar from 'lucide-solid/icons/calendar-days';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import type { OnCallScheduleView } from '../../../../worker/api/views.ts';
import { NowLine } from './NowLine.tsx';

/** A schedule in the list, with who is on call. */
export const ScheduleCard = (props: { schedule: OnCallScheduleView; onDelete: () => void }) => (
  <li class="panel channel" data-testid="schedule">
    <h2>
      <A href={`/alerts/on-call/${props.schedule.id}`}>{props.schedule.name}</A>
    </h2>
    <NowLine schedule={props.schedule} />
    <div class="actions">
      <A
        href={`/alerts/on-call/${props.schedule.id}`}
        class="button"
        aria-label={`Calendar and stand-ins of ${props.schedule.name}`}
      >
        <Calendar size={18} aria-hidden="true" />
        Calendar and stand-ins
      </A>
      <A href={`/alerts/on-call/${props.schedule.id}/edit`} class="button" aria-label={`Edit ${props.schedule.name}`}>
        <Pencil size={18} aria-hidden="true" />
        Edit
      </A>
      <button
        type="button"
        class="button danger-quiet"
        aria-label={`Delete ${props.schedule.name}`}
        onClick={() => props.onDelete()}
      >
        <Trash size={18} aria-hidden="true" />
        Delete
      </button>
    </div>
  </li>
);
