import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { api } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { MaintenanceForm } from '../components/maintenance/MaintenanceForm.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { maintenanceDraftOf } from '../maintenanceDraft.ts';
import { askedAnew, createBeginning } from '../primitives/createBeginning.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';
import { useQuery } from '../primitives/query.ts';
import { maintenanceWindowQuery } from '../queries/maintenance.ts';

export default function MaintenanceEdit() {
  createTitle(() => 'Edit maintenance');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const window = useQuery(() => ({ ...maintenanceWindowQuery(params.id), ...askedAnew }));
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
                  This window is running. What you change counts from now on; the time until now stays as it was.
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
