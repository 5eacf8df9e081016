import { A, useParams } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import Pencil from 'lucide-solid/icons/pencil';
import Trash from 'lucide-solid/icons/trash';
import { createSignal, Match, Show, Switch } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { ProblemMessage } from '../../../ui/ProblemMessage.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { CalendarFeed } from '../CalendarFeed.tsx';
import { DeleteTarget } from '../DeleteTarget.tsx';
import { NowLine } from '../NowLine.tsx';
import { Overrides } from '../Overrides.tsx';
import { peopleQuery, scheduleQuery } from '../queries.ts';
import { ShiftCalendar } from '../ShiftCalendar.tsx';
import '../../channels/alerts.css';
import '../../monitors/monitor.css';
import '../onCall.css';

export default function Schedule() {
  const params = useParams<{ id: string }>();
  const goOn = createWayOn();
  const schedule = useQuery(() => scheduleQuery(params.id));
  const people = useQuery(peopleQuery);
  const known = () => (schedule.isPending ? undefined : schedule.data);
  const [isAsking, setAsking] = createSignal(false);
  createTitle(() => known()?.name ?? 'On-call');
  return (
    <div class="page">
      <A href="/alerts/on-call" class="back">
        <ArrowLeft size={16} aria-hidden="true" />
        All schedules
      </A>
      <Switch>
        <Match when={known()}>
          {(found) => (
            <>
              <div class="page-head">
                <h1>{found().name}</h1>
                <div class="actions">
                  <A href={`/alerts/on-call/${found().id}/edit`} class="button">
                    <Pencil size={18} aria-hidden="true" />
                    Edit
                  </A>
                  <button type="button" class="button danger-quiet" onClick={() => setAsking(true)}>
                    <Trash size={18} aria-hidden="true" />
                    Delete
                  </button>
                </div>
              </div>
              <NowLine schedule={found()} />
              <ShiftCalendar schedule={found()} />
              <Overrides schedule={found()} people={people.isSuccess ? people.data : []} />
              <CalendarFeed schedule={found()} />
              <Show when={isAsking()}>
                <DeleteTarget
                  target={{ type: 'onCall', id: found().id }}
                  name={found().name}
                  button="Delete schedule"
                  text="This also deletes its rotation, overrides and calendar address."
                  remove={api.deleteSchedule}
                  onClose={() => setAsking(false)}
                  onDeleted={() => goOn('/alerts/on-call')}
                />
              </Show>
            </>
          )}
        </Match>
        <Match when={schedule.error}>
          <h1>On-call</h1>
          <ProblemMessage error={schedule.error} retry={() => void schedule.refetch()} />
        </Match>
        <Match when={true}>
          <h1>On-call</h1>
          <Skeleton rows={3} height="card" />
        </Match>
      </Switch>
    </div>
  );
}
