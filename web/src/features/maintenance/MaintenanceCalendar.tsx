import { A } from '@solidjs/router';
import { createMemo, createSignal, Show } from 'solid-js';
import type { OccurrenceView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { monthOf, periodOf, timesOn } from '../../lib/calendar.ts';
import { now } from '../../lib/now.ts';
import { zonedDate } from '../../lib/zoned.ts';
import { MonthCalendar } from '../../ui/MonthCalendar.tsx';
import { occurrencesQuery } from './queries.ts';

/** A month of maintenance. */
export default function MaintenanceCalendar(props: { timeZone: string }) {
  const [month, setMonth] = createSignal(monthOf(zonedDate(new Date().toISOString(), props.timeZone)));
  const period = createMemo(() => periodOf(month()));
  const query = useQuery(() => occurrencesQuery(period().from, period().to));
  return (
    <MonthCalendar
      month={month()}
      timeZone={props.timeZone}
      nothing="No maintenance this month."
      held={query.isPending ? undefined : query.data}
      error={query.error}
      retry={() => void query.refetch()}
      onMonth={setMonth}
    >
      {(one, day) => (
        <Show
          when={Date.parse(one.to) > now()}
          fallback={
            <span class="occurrence" data-past="">
              <Times occurrence={one} day={day} timeZone={props.timeZone} />
            </span>
          }
        >
          <A href={`/maintenance/${one.windowId}`} class="occurrence">
            <Times occurrence={one} day={day} timeZone={props.timeZone} />
          </A>
        </Show>
      )}
    </MonthCalendar>
  );
}

const Times = (props: { occurrence: OccurrenceView; day: string; timeZone: string }) => (
  <>
    <span class="number">{timesOn(props.occurrence, props.day, props.timeZone)}</span> {props.occurrence.title}
  </>
);
