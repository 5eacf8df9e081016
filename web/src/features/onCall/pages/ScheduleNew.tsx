import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { together } from '../../../ui/primitives/together.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { meQuery } from '../../teams/queries.ts';
import { peopleQuery } from '../queries.ts';
import { ScheduleForm } from '../ScheduleForm.tsx';
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
