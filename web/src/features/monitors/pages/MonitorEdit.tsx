import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { definitionOf } from '../../../../../worker/checks/kinds/kind.ts';
import type { MonitorView } from '../../../../../worker/contract/views.ts';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { remember } from '../../../app/cache/queryClient.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { alwaysRefetched, createBeginning } from '../../../ui/primitives/createBeginning.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { MonitorForm } from '../MonitorForm.tsx';
import { draftOf } from '../monitorDraft.ts';
import { monitorQuery } from '../queries.ts';

export default function MonitorEdit() {
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const monitor = useQuery(() => ({ ...monitorQuery(params.id), ...alwaysRefetched }));
  const known = createBeginning(monitor);
  createTitle(() => (known() ? `Edit ${known()?.name}` : 'Edit'));
  return (
    <div class="page narrow">
      <h1>Edit monitor</h1>
      <Answered query={monitor} answer={known()} waiting={<Skeleton rows={5} height="row" />}>
        {(found) => {
          const { id, updatedAt } = found();
          return (
            <MonitorForm
              monitorId={id}
              initial={draftOf(found())}
              limitedBy={found().limitedBy}
              draftKey={`monitor:${id}:${updatedAt}`}
              button="Save changes"
              cancelHref={`/monitors/${id}`}
              save={async (input) => {
                const { kind: _, ...change } = input;
                // The name of a monitor that exists does not default to anything: an empty field takes it from the address.
                const { address, nameFrom } = definitionOf(input.kind);
                const name = input.name ?? nameFrom(address(input.settings));
                const changed = await api.changeMonitor(id, { ...change, name, updatedAt });
                remember<MonitorView>(client, ['monitor', id], (known) => known && { ...known, ...changed });
                void client.invalidateQueries({ queryKey: ['monitors'] });
                void client.invalidateQueries({ queryKey: ['dependencies'] });
                goOn(`/monitors/${id}`);
              }}
            />
          );
        }}
      </Answered>
    </div>
  );
}
