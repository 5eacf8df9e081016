import { useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import type { OnCallScheduleView } from '../../../worker/api/views.ts';
import { api } from '../api.ts';
import { ScheduleForm } from '../components/onCall/ScheduleForm.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { peopleQuery, scheduleQuery } from '../queries.ts';
import { scheduleDraftOf } from '../scheduleDraft.ts';

const overridesOf = ({ overrides }: OnCallScheduleView) =>
  overrides.map(({ person, from, to }) => ({ personId: person.id, from: Date.parse(from), to: Date.parse(to) }));

export default function ScheduleEdit() {
  createTitle(() => 'Edit schedule');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const schedule = useQuery(() => scheduleQuery(params.id));
  const people = useQuery(peopleQuery);
  const known = () => (schedule.isPending || people.isPending || !people.data ? undefined : schedule.data);
  return (
    <div class="page narrow">
      <h1>Edit schedule</h1>
      <Switch>
        {/* Keyed by the schedule: what is typed stays while it is told of anew, and rests on the version that was read. */}
        <Match when={known()?.id} keyed>
          {(id) => {
            const found = { ...(known() as OnCallScheduleView) };
            return (
              <ScheduleForm
                initial={scheduleDraftOf(found)}
                // What is typed belongs to what was read: after somebody else's change it is not brought back.
                draftKey={`schedule:${id}:${found.updatedAt}`}
                overrides={overridesOf(found)}
                people={people.data ?? []}
                button="Save changes"
                back={`/alerts/on-call/${id}`}
                save={async (input) => {
                  await api.changeSchedule(id, { ...input, updatedAt: found.updatedAt });
                  void client.invalidateQueries({ queryKey: ['on-call'] });
                  navigate(`/alerts/on-call/${id}`);
                }}
              />
            );
          }}
        </Match>
        <Match when={schedule.error ?? people.error}>
          {(error) => (
            <ProblemMessage error={error()} retry={() => void Promise.all([schedule.refetch(), people.refetch()])} />
          )}
        </Match>
        <Match when={true}>
          <Skeleton rows={5} height="row" />
        </Match>
      </Switch>
    </div>
  );
}
