import ChevronLeft from 'lucide-solid/icons/chevron-left';
import ChevronRight from 'lucide-solid/icons/chevron-right';
import { createMemo, For, type JSX, Match, Show, Switch } from 'solid-js';
import { byDay, dayLabels, monthAfter, monthOf, monthText, weeksOf } from '../lib/calendar.ts';
import { now } from '../lib/now.ts';
import { weekdayLabels } from '../lib/recurrence.ts';
import { zonedDate } from '../lib/zoned.ts';
import { ProblemMessage } from './ProblemMessage.tsx';
import { Skeleton } from './Skeleton.tsx';
import './styles/calendar.css';

/** So many stand in a day of the table; the rest is counted. */
const maxPerDay = 3;

interface Held {
  from: string;
  to: string;
}

interface MonthProps<T extends Held> {
  /** Such as `2026-11`. */
  month: string;
  /** Days are counted as its clocks do. */
  timeZone: string;
  /** The text for an empty month. */
  nothing: string;
  children: (one: T, day: string) => JSX.Element;
}

/** A month of events: a table of weeks where there is room, a list of its days on a phone. */
export const MonthCalendar = <T extends Held>(
  props: MonthProps<T> & {
    /** Undefined while it is being asked for. */
    held: readonly T[] | undefined;
    error: unknown;
    retry: () => void;
    onMonth: (month: string) => void;
    /** Replaces the days on a phone where events last for days. */
    list?: (held: readonly T[]) => JSX.Element;
  },
) => {
  const today = createMemo(() => zonedDate(new Date(now()).toISOString(), props.timeZone));
  const days = createMemo(() => byDay(props.held ?? [], props.timeZone));
  const show = (by: number) => props.onMonth(monthAfter(props.month, by));
  return (
    <section class="panel" aria-labelledby="calendar-title">
      <div class="panel-head calendar-head">
        <h2 id="calendar-title" aria-live="polite">
          {monthText(props.month)}
        </h2>
        <div class="actions">
          <button type="button" class="icon-button" aria-label="Previous month" onClick={() => show(-1)}>
            <ChevronLeft size={20} aria-hidden="true" />
          </button>
          <button type="button" class="button small" onClick={() => props.onMonth(monthOf(today()))}>
            Today
          </button>
          <button type="button" class="icon-button" aria-label="Next month" onClick={() => show(1)}>
            <ChevronRight size={20} aria-hidden="true" />
          </button>
        </div>
      </div>
      <Switch>
        <Match when={props.error}>
          <ProblemMessage error={props.error} retry={props.retry} />
        </Match>
        <Match when={!props.held}>
          <Skeleton rows={1} height="chart" />
        </Match>
        <Match when={true}>
          <MonthTable {...props} today={today()} days={days()} />
          <Show when={props.list} fallback={<Agenda {...props} today={today()} days={days()} />}>
            {(list) => <div class="agenda">{list()(props.held ?? [])}</div>}
          </Show>
        </Match>
      </Switch>
    </section>
  );
};

type DaysProps<T extends Held> = MonthProps<T> & { today: string; days: Map<string, T[]> };

const MonthTable = <T extends Held>(props: DaysProps<T>) => (
  <table class="calendar" aria-labelledby="calendar-title">
    <thead>
      <tr>
        <For each={Object.values(weekdayLabels)}>
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
                  <Day {...props} day={day} held={props.days.get(day) ?? []} max={maxPerDay} />
                </td>
              )}
            </For>
          </tr>
        )}
      </For>
    </tbody>
  </table>
);

const Agenda = <T extends Held>(props: DaysProps<T>) => {
  const held = () =>
    weeksOf(props.month)
      .flat()
      .filter((day) => monthOf(day) === props.month && props.days.has(day));
  return (
    <div class="agenda">
      <Show when={held().length > 0} fallback={<p class="nothing">{props.nothing}</p>}>
        <ol>
          <For each={held()}>
            {(day) => (
              <li aria-current={day === props.today ? 'date' : undefined}>
                <h3>
                  <time dateTime={day}>{dayLabels(day)}</time>
                </h3>
                <Day {...props} day={day} held={props.days.get(day) ?? []} max={Infinity} />
              </li>
            )}
          </For>
        </ol>
      </Show>
    </div>
  );
};

const Day = <T extends Held>(props: {
  day: string;
  held: T[];
  max: number;
  children: (one: T, day: string) => JSX.Element;
}) => (
  <Show when={props.held.length > 0}>
    <ul class="calendar-held">
      <For each={props.held.slice(0, props.max)}>{(one) => <li>{props.children(one, props.day)}</li>}</For>
      <Show when={props.held.length > props.max}>
        <li class="caption">and {props.held.length - props.max} more</li>
      </Show>
    </ul>
  </Show>
);
