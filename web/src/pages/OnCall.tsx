import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { OnCallScheduleView } from '../../../worker/api/views.ts';
import { api } from '../api.ts';
import { AlertsTabs } from '../components/alerts/AlertsTabs.tsx';
import { DeleteTarget } from '../components/onCall/DeleteTarget.tsx';
import { People } from '../components/onCall/People.tsx';
import { ScheduleCard } from '../components/onCall/ScheduleCard.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { channelsQuery, peopleQuery, schedulesQuery } from '../queries.ts';
import '../styles/first.css';
import '../styles/incident.css';
import '../styles/onCall.css';

export default function OnCall() {
  createTitle(() => 'On call');
  const schedules = useQuery(schedulesQuery);
  const people = useQuery(peopleQuery);
  const channels = useQuery(channelsQuery);
  const known = () => {
    const [s, p, c] = [schedules, people, channels].map((query) => (query.isPending ? undefined : query.data));
    return s && p && c ? true : undefined;
  };
  const [asking, setAsking] = createSignal<OnCallScheduleView | null>(null);
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>On call</h1>
        <Show when={known() && (schedules.data ?? []).length > 0}>
          <A href="/alerts/on-call/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            Add schedule
          </A>
        </Show>
      </div>
      <AlertsTabs />
      <Switch>
        <Match when={known()}>
          <Show
            when={(schedules.data ?? []).length > 0}
            fallback={<NoSchedule hasPeople={(people.data ?? []).length > 0} />}
          >
            <ul class="channels" aria-label="Schedules">
              <For each={schedules.data ?? []}>
                {(schedule) => <ScheduleCard schedule={schedule} onDelete={() => setAsking(schedule)} />}
              </For>
            </ul>
          </Show>
          <People people={people.data ?? []} channels={channels.data ?? []} />
        </Match>
        <Match when={schedules.error ?? people.error ?? channels.error}>
          {(error) => (
            <ProblemMessage
              error={error()}
              retry={() => void Promise.all([schedules.refetch(), people.refetch(), channels.refetch()])}
            />
          )}
        </Match>
        <Match when={true}>
          <Skeleton rows={3} height="card" />
        </Match>
      </Switch>
      <Show when={asking()} keyed>
        {(schedule) => (
          <DeleteTarget
            target={{ type: 'onCall', id: schedule.id }}
            name={schedule.name}
            button="Delete schedule"
            text="Its rotation, its stand-ins and its calendar address are gone with it."
            remove={() => api.deleteSchedule(schedule.id)}
            onClose={() => setAsking(null)}
          />
        )}
      </Show>
    </div>
  );
}

const NoSchedule = (props: { hasPeople: boolean }) => (
  <div class="first">
    <h2>Take turns</h2>
    <p>
      A schedule says who is on call when. Choose it under “Who is told when”, and an outage wakes only the person whose
      turn it is.
    </p>
    <Show when={props.hasPeople} fallback={<p>First add the people below, with the channels that reach them.</p>}>
      <A href="/alerts/on-call/new" class="button primary">
        Add a schedule
      </A>
    </Show>
  </div>
);
