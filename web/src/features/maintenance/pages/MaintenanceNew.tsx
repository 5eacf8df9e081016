import { useSearchParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { meQuery } from '../../teams/queries.ts';
import { MaintenanceForm } from '../MaintenanceForm.tsx';
import { emptyMaintenance } from '../maintenanceDraft.ts';

export default function MaintenanceNew() {
  createTitle(() => 'Plan maintenance');
  const client = useQueryClient();
  const goOn = createWayOn();
  const [search] = useSearchParams<{ monitor?: string }>();
  const me = useQuery(meQuery);
  return (
    <div class="page narrow">
      <h1>Plan maintenance</h1>
      <Answered query={me} answer={me.isPending ? undefined : me.data} waiting={<Skeleton rows={5} height="row" />}>
        {(found) => (
          <MaintenanceForm
            initial={emptyMaintenance(found().team.timeZone, Date.now(), search.monitor)}
            draftKey={`maintenance:${search.monitor ?? ''}`}
            button="Plan maintenance"
            save={async (input) => {
              await api.createMaintenance(input);
              void client.invalidateQueries({ queryKey: ['maintenance'] });
              goOn('/maintenance');
            }}
          />
        )}
      </Answered>
    </div>
  );
}
