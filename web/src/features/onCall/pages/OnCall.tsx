import { A } from '@solidjs/router';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, Show } from 'solid-js';
import type { OnCallScheduleView } from '../../../../../worker/contract/views.ts';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { together } from '../../../ui/primitives/together.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { AlertsTabs } from '../../channels/AlertsTabs.tsx';
import { channelsQuery } from '../../channels/queries.ts';
import { DeleteTarget } from '../DeleteTarget.tsx';
import { People } from '../People.tsx';
import { peopleQuery, schedulesQuery } from '../queries.ts';
import { ScheduleCard } from '../ScheduleCard.tsx';
import '../../../ui/styles/first.css';
import '../../incidents/incident.css';
import '../onCall.css';

export default function OnCall() {
  createTitle(() => 'On-call');
  const schedules = useQuery(schedulesQuery);
  const people = useQuery(peopleQuery);
  const channels = useQuery(channelsQuery);
  const all = together(schedules, people, channels);
  const known = () => (all.isPending ? undefined : people.data && channels.data && schedules.data);
  const [asking, setAsking] = createSignal<OnCallScheduleView | null>(null);
  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>On-call</h1>
        <Show when={known()?.length}>
          <A href="/alerts/on-call/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            Add schedule
          </A>
        </Show>
      </div>
      <AlertsTabs />
      <Answered query={all} answer={known()} waiting={<Skeleton rows={3} height="card" />}>
        {(found) => (
          <>
            <Show when={found().length > 0} fallback={<NoSchedule hasPeople={(people.data ?? []).length > 0} />}>
              <ul class="channels" aria-label="Schedules">
                <For each={found()}>
                  {(schedule) => <ScheduleCard schedule={schedule} onDelete={() => setAsking(schedule)} />}
                </For>
              </ul>
            </Show>
            <People people={people.data ?? []} channels={channels.data ?? []} />
          </>
        )}
      </Answered>
      <Show when={asking()} keyed>
        {(schedule) => (
          <DeleteTarget
            target={{ type: 'onCall', id: schedule.id }}
            name={schedule.name}
            button="Delete schedule"
            text="This also deletes its rotation, overrides and calendar address."
            remove={api.deleteSchedule}
            onClose={() => setAsking(null)}
          />
        )}
      </Show>
    </div>
  );
}

const NoSchedule = (props: { hasPeople: boolean }) => (
  <div class="first">
    <h2>No on-call schedules yet</h2>
    <p>A schedule rotates on-call shifts. Select it in an escalation policy to notify only the person on call.</p>
    <Show when={props.hasPeople} fallback={<p>First add people and their channels below.</p>}>
      <A href="/alerts/on-call/new" class="button primary">
        Set up on-call
      </A>
    </Show>
  </div>
);
