import { useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Match, Show, Switch } from 'solid-js';
import { api } from '../api.ts';
import { MaintenanceForm } from '../components/maintenance/MaintenanceForm.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { maintenanceDraftOf } from '../maintenanceDraft.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { maintenanceWindowQuery } from '../queries.ts';

export default function MaintenanceEdit() {
  createTitle(() => 'Edit maintenance');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const window = useQuery(() => maintenanceWindowQuery(params.id));
  return (
    <div class="page narrow">
      <h1>Edit maintenance</h1>
      <Switch>
        <Match when={window.isPending}>
          <Skeleton rows={5} height="row" />
        </Match>
        <Match when={window.data}>
          {(found) => (
            <>
              <Show when={found().state === 'running'}>
                <p class="notice">
                  This window is running. What you change counts from now on; the time until now stays as it was.
                </p>
              </Show>
              <MaintenanceForm
                initial={maintenanceDraftOf(found())}
                button="Save changes"
                save={async (input) => {
                  await api.changeMaintenance(params.id, input);
                  void client.invalidateQueries({ queryKey: ['maintenance'] });
                  navigate('/maintenance');
                }}
              />
            </>
          )}
        </Match>
        <Match when={window.isError}>
          <ProblemMessage error={window.error} retry={() => void window.refetch()} />
        </Match>
      </Switch>
    </div>
  );
}
