import GapIcon from 'lucide-solid/icons/phone-off';
import { createMemo, createSignal, Show } from 'solid-js';
import type { OnCallScheduleView } from '../../../../worker/api/views.ts';
import { monthOf, periodOf, timesOn } from '../../calendar.ts';
import { personName } from '../../onCallWords.ts';
import { now } from '../../primitives/now.ts';
import { useQuery } from '../../primitives/query.ts';
import { shiftsQuery } from '../../queries.ts';
import { zonedDate } from '../../zoned.ts';
import { MonthCalendar } from '../MonthCalendar.tsx';

/** A month of shifts; gaps are shifts of nobody, in words and in red. */
export const ShiftCalendar = (props: { schedule: OnCallScheduleView }) => {
  const [month, setMonth] = createSignal(monthOf(zonedDate(new Date().toISOString(), props.schedule.timeZone)));
  const period = createMemo(() => periodOf(month()));
  const query = useQuery(() => shiftsQuery(props.schedule.id, period().from, period().to));
  return (
    <MonthCalendar
      month={month()}
      timeZone={props.schedule.timeZone}
      nothing="Nothing in this month."
      held={query.isPending ? undefined : query.data}
      error={query.error}
      retry={() => void query.refetch()}
      onMonth={setMonth}
    >
      {(shift, day) => (
        <span
          class="occurrence"
          data-gap={shift.person === null ? '' : undefined}
          data-past={Date.parse(shift.to) <= now() ? '' : undefined}
          data-testid="shift"
        >
          <Show when={shift.person === null}>
            <GapIcon size={14} aria-hidden="true" />{' '}
          </Show>
          {personName(shift.person)} <span class="number">{timesOn(shift, day, props.schedule.timeZone)}</span>
        </span>
      )}
    </MonthCalendar>
  );
};
