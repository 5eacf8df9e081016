import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import type { OnCallScheduleView } from '../../../../../worker/contract/views.ts';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { alwaysRefetched, createBeginning } from '../../../ui/primitives/createBeginning.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { together } from '../../../ui/primitives/together.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { peopleQuery, scheduleQuery } from '../queries.ts';
import { ScheduleForm } from '../ScheduleForm.tsx';
import { scheduleDraftOf } from '../scheduleDraft.ts';

const overridesOf = ({ overrides }: OnCallScheduleView) =>
  overrides.map(({ person, from, to }) => ({ personId: person.id, from: Date.parse(from), to: Date.parse(to) }));

export default function ScheduleEdit() {
  createTitle(() => 'Edit schedule');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const schedule = useQuery(() => ({ ...scheduleQuery(params.id), ...alwaysRefetched }));
  const beginning = createBeginning(schedule);
  const people = useQuery(peopleQuery);
  const both = together(schedule, people);
  return (
    <div class="page narrow">
      <h1>Edit schedule</h1>
      <Answered
        query={both}
        answer={both.isPending ? undefined : beginning()}
        waiting={<Skeleton rows={5} height="row" />}
      >
        {(answer) => {
          // A draft is based on the version that was read, and is not restored over another one.
          const found = { ...answer() };
          return (
            <ScheduleForm
              initial={scheduleDraftOf(found)}
              draftKey={`schedule:${found.id}:${found.updatedAt}`}
              overrides={overridesOf(found)}
              people={people.data ?? []}
              button="Save changes"
              back={`/alerts/on-call/${found.id}`}
              save={async (input) => {
                await api.changeSchedule(found.id, { ...input, updatedAt: found.updatedAt });
                void client.invalidateQueries({ queryKey: ['on-call'] });
                goOn(`/alerts/on-call/${found.id}`);
              }}
            />
          );
        }}
      </Answered>
    </div>
  );
}
