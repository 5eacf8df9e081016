import { useSearchParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { MaintenanceForm } from '../components/maintenance/MaintenanceForm.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { emptyMaintenance } from '../maintenanceDraft.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';
import { useQuery } from '../primitives/query.ts';
import { meQuery } from '../queries/team.ts';

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
