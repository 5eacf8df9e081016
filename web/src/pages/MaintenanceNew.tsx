import { useNavigate, useSearchParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import { api } from '../api.ts';
import { MaintenanceForm } from '../components/maintenance/MaintenanceForm.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { emptyMaintenance } from '../maintenanceDraft.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { useQuery } from '../primitives/query.ts';
import { meQuery } from '../queries.ts';

export default function MaintenanceNew() {
  createTitle(() => 'Plan maintenance');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ monitor?: string }>();
  const me = useQuery(meQuery);
  return (
    <div class="page narrow">
      <h1>Plan maintenance</h1>
      <Switch>
        <Match when={me.isPending}>
          <Skeleton rows={5} height="row" />
        </Match>
        <Match when={me.data}>
          {(found) => (
            <MaintenanceForm
              initial={emptyMaintenance(found().team.timeZone, Date.now(), search.monitor)}
              button="Plan maintenance"
              save={async (input) => {
                await api.createMaintenance(input);
                void client.invalidateQueries({ queryKey: ['maintenance'] });
                navigate('/maintenance');
              }}
            />
          )}
        </Match>
        <Match when={me.isError}>
          <ProblemMessage error={me.error} retry={() => void me.refetch()} />
        </Match>
      </Switch>
    </div>
  );
}
