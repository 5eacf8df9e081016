import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import { api } from '../api.ts';
import { ScheduleForm } from '../components/onCall/ScheduleForm.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { meQuery, peopleQuery } from '../queries.ts';
import { emptySchedule } from '../scheduleDraft.ts';

export default function ScheduleNew() {
  createTitle(() => 'New schedule');
  const client = useQueryClient();
  const navigate = useNavigate();
  const me = useQuery(meQuery);
  const people = useQuery(peopleQuery);
  /** Keyed by the zone: what is typed stays while people are told of anew. */
  const zone = () => (me.isPending || people.isPending || !people.data ? undefined : me.data?.team.timeZone);
  return (
    <div class="page narrow">
      <h1>New schedule</h1>
      <Switch>
        <Match when={zone()} keyed>
          {(timeZone) => (
            <ScheduleForm
              initial={emptySchedule(timeZone, Date.now())}
              draftKey="schedule"
              overrides={[]}
              people={people.data ?? []}
              button="Create schedule"
              back="/alerts/on-call"
              save={async (input) => {
                const { id } = await api.createSchedule(input);
                void client.invalidateQueries({ queryKey: ['on-call'] });
                navigate(`/alerts/on-call/${id}`);
              }}
            />
          )}
        </Match>
        <Match when={me.error ?? people.error}>
          {(error) => (
            <ProblemMessage error={error()} retry={() => void Promise.all([me.refetch(), people.refetch()])} />
          )}
        </Match>
        <Match when={true}>
          <Skeleton rows={5} height="row" />
        </Match>
      </Switch>
    </div>
  );
}
