import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Wrench from 'lucide-solid/icons/wrench';
import { Show } from 'solid-js';
import type { MonitorDetailView, OccurrenceView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { useQuery } from '../../app/cache/query.ts';
import { now } from '../../lib/now.ts';
import { zonedDay, zonedSpan, zonedTime, zoneText } from '../../lib/zoned.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { meQuery } from '../teams/queries.ts';
import { maintenanceAt } from './maintenance.ts';

const hourMs = 3_600_000;
/** In UTC, whose clocks never change; rounded down, and what lies before now does not count. */
const wallTime = (at: number) => new Date(at).toISOString().slice(0, 16);

/** Says that the monitor is in maintenance and what comes next; begins an hour of it, and ends what runs. */
export const MaintenanceBanner = guarded((props: { monitor: MonitorDetailView }) => {
  const client = useQueryClient();
  const me = useQuery(meQuery);
  const zone = () => (me.isSuccess ? me.data.team.timeZone : 'UTC');
  const current = () => maintenanceAt(props.monitor, now());
  const next = () => {
    const planned = props.monitor.nextMaintenance;
    return planned && Date.parse(planned.from) > now() ? planned : null;
  };
  const refresh = async (monitorId: string) => {
    await Promise.all(
      [['monitor', monitorId], ['monitors'], ['maintenance']].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
  };
  const start = createAction(async (monitorId: string) => {
    const at = Date.now();
    await api.createMaintenance({
      // Public, so it does not show the monitor's own name.
      title: 'Maintenance',
      startsAt: wallTime(at),
      endsAt: wallTime(at + hourMs),
      timeZone: 'UTC',
      rrule: null,
      monitorIds: [monitorId],
      tags: [],
      allMonitors: false,
    });
    await refresh(monitorId);
  });
  const end = createAction(async (monitorId: string, windowId: string) => {
    await api.endMaintenance(windowId);
    await refresh(monitorId);
  });
  return (
    <section class="maintenance-banner" data-verdict="maintenance" aria-label="Maintenance">
      <Show
        when={current()}
        fallback={
          <Show when={props.monitor.verdict !== 'paused'}>
            <button
              type="button"
              class="button small"
              disabled={start.pending()}
              onClick={() => void start.run(props.monitor.id)}
            >
              <Wrench size={16} aria-hidden="true" />
              {start.pending() ? 'One moment…' : 'Start maintenance for 1 hour'}
            </button>
          </Show>
        }
      >
        {(window) => (
          <div class="maintenance-running" role="status">
            <Wrench size={20} class="maintenance-icon" aria-hidden="true" />
            <p>
              <b>In maintenance until {until(window(), zone(), now())}</b> ({window().title}). Alerts are suppressed.
            </p>
            <button
              type="button"
              class="button small"
              disabled={end.pending()}
              onClick={() => void end.run(props.monitor.id, window().windowId)}
            >
              End now
            </button>
          </div>
        )}
      </Show>
      <p class="caption">
        <Show when={next()} fallback={<A href={`/maintenance/new?monitor=${props.monitor.id}`}>Plan maintenance</A>}>
          {(window) => (
            <>
              Next maintenance: <A href={`/maintenance/${window().windowId}`}>{window().title}</A>,{' '}
              <time dateTime={window().from}>{zonedSpan(window(), zone(), now())}</time> ({zoneText(zone(), now())})
            </>
          )}
        </Show>
      </p>
      <Show when={start.problem() ?? end.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
    </section>
  );
});

const viewersZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `04:00`, with the day where it is not today, and with the zone where it is not the viewer's. */
const until = ({ to }: OccurrenceView, timeZone: string, at: number): string => {
  const isToday = zonedDay(to, timeZone) === zonedDay(new Date(at).toISOString(), timeZone);
  const time = isToday ? zonedTime(to, timeZone) : `${zonedDay(to, timeZone)}, ${zonedTime(to, timeZone)}`;
  return timeZone === viewersZone ? time : `${time}, ${timeZone}`;
};
