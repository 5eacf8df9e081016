import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { ScheduleForm } from '../components/onCall/ScheduleForm.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';
import { useQuery } from '../primitives/query.ts';
import { together } from '../primitives/together.ts';
import { peopleQuery } from '../queries/onCall.ts';
import { meQuery } from '../queries/team.ts';
import { emptySchedule } from '../scheduleDraft.ts';

export default function ScheduleNew() {
  createTitle(() => 'New schedule');
  const client = useQueryClient();
  const goOn = createWayOn();
  const me = useQuery(meQuery);
  const people = useQuery(peopleQuery);
  const both = together(me, people);
  return (
    <div class="page narrow">
      <h1>New schedule</h1>
      <Answered query={both} answer={both.isPending ? undefined : me.data} waiting={<Skeleton rows={5} height="row" />}>
        {(found) => (
          <ScheduleForm
            initial={emptySchedule(found().team.timeZone, Date.now())}
            draftKey="schedule"
            overrides={[]}
            people={people.data ?? []}
            button="Create schedule"
            back="/alerts/on-call"
            save={async (input) => {
              const { id } = await api.createSchedule(input);
              void client.invalidateQueries({ queryKey: ['on-call'] });
              goOn(`/alerts/on-call/${id}`);
            }}
          />
        )}
      </Answered>
    </div>
  );
}
