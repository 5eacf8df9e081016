import { A } from '@solidjs/router';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import type { OccurrenceView } from '../../../../worker/api/views.ts';
import { byDay, dayWords, monthAfter, monthOf, monthText, periodOf, weeksOf } from '../../calendar.ts';
import { now } from '../../primitives/now.ts';
import { useQuery } from '../../primitives/query.ts';
import { occurrencesQuery } from '../../queries.ts';
import { weekdayWords } from '../../recurrence.ts';
import { zonedDate, zonedTime } from '../../zoned.ts';
import { ProblemMessage } from '../ProblemMessage.tsx';
import { Skeleton } from '../Skeleton.tsx';

/** So many stand in a day of the table; the rest is counted. */
const maxPerDay = 3;

/** A month of maintenance: a table of weeks where there is room, a list of its days on a phone. */
export default function MaintenanceCalendar(props: { timeZone: string }) {
  const today = createMemo(() => zonedDate(new Date(now()).toISOString(), props.timeZone));
  const [month, setMonth] = createSignal(monthOf(today()));
  const period = createMemo(() => periodOf(month()));
  const query = useQuery(() => occurrencesQuery(period().from, period().to));
  const days = createMemo(() => byDay(query.isPending ? [] : (query.data ?? []), props.timeZone));
  return (
    <section class="panel" aria-labelledby="calendar-title">
      <div class="panel-head calendar-head">
        <h2 id="calendar-title" aria-live="polite">
          {monthText(month())}
        </h2>
        <div class="actions">
          <button
            type="button"
            class="icon-button"
            aria-label="Month before"
            onClick={() => setMonth(monthAfter(month(), -1))}
          >
            <ChevronLeft size={20} aria-hidden="true" />
          </button>
          <button type="button" class="button small" onClick={() => setMonth(monthOf(today()))}>
            Today
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label="Month after"
            onClick={() => setMonth(monthAfter(month(), 1))}
          >
            <ChevronRight size={20} aria-hidden="true" />
          </button>
        </div>
      </div>
      <Switch>
        <Match when={query.isError}>
          <ProblemMessage error={query.error} retry={() => void query.refetch()} />
        </Match>
        <Match when={query.isPending}>
          <Skeleton rows={1} height="chart" />
        </Match>
        <Match when={true}>
          <MonthTable month={month()} today={today()} days={days()} timeZone={props.timeZone} />
          <Agenda month={month()} today={today()} days={days()} timeZone={props.timeZone} />
        </Match>
      </Switch>
    </section>
  );
}

interface MonthProps {
  month: string;
  today: string;
  days: Map<string, OccurrenceView[]>;
  timeZone: string;
}

const MonthTable = (props: MonthProps) => (
  <table class="calendar" aria-labelledby="calendar-title">
    <thead>
      <tr>
        <For each={Object.values(weekdayWords)}>
          {(word) => (
            <th scope="col" abbr={word}>
              {word.slice(0, 3)}
            </th>
          )}
        </For>
      </tr>
    </thead>
    <tbody>
      <For each={weeksOf(props.month)}>
        {(week) => (
          <tr>
            <For each={week}>
              {(day) => (
                <td
                  data-other={monthOf(day) === props.month ? undefined : ''}
                  aria-current={day === props.today ? 'date' : undefined}
                >
                  <time class="calendar-day" dateTime={day}>
                    {Number(day.slice(8))}
                  </time>
                  <Day day={day} held={props.days.get(day) ?? []} timeZone={props.timeZone} max={maxPerDay} />
                </td>
              )}
            </For>
          </tr>
        )}
      </For>
    </tbody>
  </table>
);

const Agenda = (props: MonthProps) => {
  const held = () =>
    weeksOf(props.month)
      .flat()
      .filter((day) => monthOf(day) === props.month && props.days.has(day));
  return (
    <div class="agenda">
      <Show when={held().length > 0} fallback={<p class="nothing">No maintenance in this month.</p>}>
        <ol>
          <For each={held()}>
            {(day) => (
              <li aria-current={day === props.today ? 'date' : undefined}>
                <h3>
                  <time dateTime={day}>{dayWords(day)}</time>
                </h3>
                <Day day={day} held={props.days.get(day) ?? []} timeZone={props.timeZone} max={Infinity} />
              </li>
            )}
          </For>
        </ol>
      </Show>
    </div>
  );
};

const Day = (props: { day: string; held: OccurrenceView[]; timeZone: string; max: number }) => (
  <Show when={props.held.length > 0}>
    <ul class="calendar-held">
      <For each={props.held.slice(0, props.max)}>
        {(one) => (
          <li>
            <Show
              when={Date.parse(one.to) > now()}
              fallback={
                <span class="occurrence" data-past="">
                  <Times occurrence={one} day={props.day} timeZone={props.timeZone} />
                </span>
              }
            >
              <A href={`/maintenance/${one.windowId}`} class="occurrence">
                <Times occurrence={one} day={props.day} timeZone={props.timeZone} />
              </A>
            </Show>
          </li>
        )}
      </For>
      <Show when={props.held.length > props.max}>
        <li class="caption">and {props.held.length - props.max} more</li>
      </Show>
    </ul>
  </Show>
);

const Times = (props: { occurrence: OccurrenceView; day: string; timeZone: string }) => (
  <>
    <span class="number">{timesOn(props.occurrence, props.day, props.timeZone)}</span> {props.occurrence.title}
  </>
);

/** `02:00–04:00`; what began before or ends after that day has an open end there. */
const timesOn = ({ from, to }: OccurrenceView, day: string, timeZone: string): string => {
  const begins = zonedDate(from, timeZone) === day;
  const ends = zonedDate(new Date(Date.parse(to) - 1).toISOString(), timeZone) === day;
  if (!begins && !ends) return 'all day';
  return `${begins ? zonedTime(from, timeZone) : '…'}–${ends ? zonedTime(to, timeZone) : '…'}`;
};
