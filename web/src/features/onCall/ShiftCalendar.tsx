import GapIcon from 'lucide-solid/icons/phone-off';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { OnCallScheduleView, ShiftView } from '../../../../worker/contract/views.ts';
import { useQuery } from '../../app/cache/query.ts';
import { monthOf, periodOf, timesOn } from '../../lib/calendar.ts';
import { now } from '../../lib/now.ts';
import { zonedDate } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import { MonthCalendar } from '../../ui/MonthCalendar.tsx';
import { gapText, type Period, personName, shiftTimes } from './onCallText.ts';
import { shiftsQuery } from './queries.ts';

/** A month of shifts; gaps are shifts of nobody, in words and in red. */
export const ShiftCalendar = guarded((props: { schedule: OnCallScheduleView }) => {
  const [month, setMonth] = createSignal(monthOf(zonedDate(new Date().toISOString(), props.schedule.timeZone)));
  const period = createMemo(() => periodOf(month()));
  const query = useQuery(() => shiftsQuery(props.schedule.id, period().from, period().to));
  const shifts = () => (query.isPending ? undefined : query.data);
  return (
    <>
      <MonthCalendar
        month={month()}
        timeZone={props.schedule.timeZone}
        nothing="No shifts this month."
        held={shifts()}
        error={query.error}
        retry={() => void query.refetch()}
        onMonth={setMonth}
        list={(shifts) => (
          <ShiftList shifts={shifts} month={month()} period={period()} timeZone={props.schedule.timeZone} />
        )}
      >
        {(shift, day) => <Shift shift={shift} times={timesOn(shift, day, props.schedule.timeZone)} />}
      </MonthCalendar>
      <Show when={shifts()?.some(({ person }) => person === null)}>
        <p class="caption">{gapText}</p>
      </Show>
    </>
  );
});

/** On a phone each shift of the month once: one that lasts a week would fill seven days. */
const ShiftList = (props: { shifts: readonly ShiftView[]; month: string; period: Period; timeZone: string }) => {
  const monthAt = (iso: string) => monthOf(zonedDate(iso, props.timeZone));
  const held = () => props.shifts.filter(({ from, to }) => monthAt(from) <= props.month && props.month <= monthAt(to));
  return (
    <ol class="shift-list">
      <For each={held()}>
        {(shift) => (
          <li>
            <Shift shift={shift} times={shiftTimes(shift, props.period, props.timeZone, now())} />
          </li>
        )}
      </For>
    </ol>
  );
};

const Shift = (props: { shift: ShiftView; times: string }) => (
  <span
    class="occurrence"
    data-gap={props.shift.person === null ? '' : undefined}
    data-past={Date.parse(props.shift.to) <= now() ? '' : undefined}
    data-testid="shift"
  >
    <Show when={props.shift.person === null}>
      <GapIcon size={14} aria-hidden="true" />{' '}
    </Show>
    {personName(props.shift.person)} <span class="number">{props.times}</span>
  </span>
);
