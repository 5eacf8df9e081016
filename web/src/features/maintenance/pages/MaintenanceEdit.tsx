import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { alwaysRefetched, createBeginning } from '../../../ui/primitives/createBeginning.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { MaintenanceForm } from '../MaintenanceForm.tsx';
import { maintenanceDraftOf } from '../maintenanceDraft.ts';
import { maintenanceWindowQuery } from '../queries.ts';

export default function MaintenanceEdit() {
  createTitle(() => 'Edit maintenance');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const window = useQuery(() => ({ ...maintenanceWindowQuery(params.id), ...alwaysRefetched }));
  const beginning = createBeginning(window);
  return (
    <div class="page narrow">
      <h1>Edit maintenance</h1>
      <Answered query={window} answer={beginning()} waiting={<Skeleton rows={5} height="row" />}>
        {(found) => {
          const { updatedAt } = found();
          return (
            <>
              <Show when={found().state === 'running'}>
                <p class="running-note">
                  This window is running. Changes apply from now on; past time stays unchanged.
                </p>
              </Show>
              <MaintenanceForm
                initial={maintenanceDraftOf(found())}
                draftKey={`maintenance:${params.id}:${updatedAt}`}
                button="Save changes"
                save={async (input) => {
                  await api.changeMaintenance(params.id, { ...input, updatedAt });
                  void client.invalidateQueries({ queryKey: ['maintenance'] });
                  goOn('/maintenance');
                }}
              />
            </>
          );
        }}
      </Answered>
    </div>
  );
}
