import { useNavigate, useParams } from '@solidjs/router';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { Match, Switch } from 'solid-js';
import { api } from '../api.ts';
import { MonitorForm } from '../components/MonitorForm.tsx';
import { ProblemMessage } from '../components/ProblemMessage.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { draftOf } from '../monitorDraft.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { monitorQuery } from '../queries.ts';

export default function MonitorEdit() {
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const navigate = useNavigate();
  const monitor = useQuery(() => monitorQuery(params.id));
  const known = () => (monitor.isPending ? undefined : monitor.data);
  createTitle(() => (known() ? `Edit ${known()?.name}` : 'Edit'));
  return (
    <div class="page narrow">
      <h1>Edit monitor</h1>
      <Switch>
        <Match when={known()}>
          {(found) => (
            <MonitorForm
              monitorId={params.id}
              initial={draftOf(found())}
              button="Save changes"
              cancelHref={`/monitors/${params.id}`}
              save={async (input) => {
                const { kind: _, ...change } = input;
                // The name of a monitor that exists does not default to anything: an empty field names its host.
                const name = input.name ?? new URL(input.url).host;
                const changed = await api.changeMonitor(params.id, { ...change, name });
                client.setQueryData(['monitor', params.id], changed);
                void client.invalidateQueries({ queryKey: ['monitors'] });
                void client.invalidateQueries({ queryKey: ['dependencies'] });
                navigate(`/monitors/${params.id}`);
              }}
            />
          )}
        </Match>
        <Match when={monitor.isPending}>
          <Skeleton rows={5} height="row" />
        </Match>
        <Match when={monitor.isError}>
          <ProblemMessage error={monitor.error} retry={() => void monitor.refetch()} />
        </Match>
      </Switch>
    </div>
  );
}
