import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { MonitorForm } from '../MonitorForm.tsx';
import { emptyDraft } from '../monitorDraft.ts';
import { rememberNewMonitor } from '../queries.ts';

export default function MonitorNew() {
  createTitle(() => 'New monitor');
  const client = useQueryClient();
  const goOn = createWayOn();
  return (
    <div class="page narrow">
      <h1>New monitor</h1>
      <MonitorForm
        initial={emptyDraft()}
        limitedBy={null}
        draftKey="monitor"
        button="Create monitor"
        cancelHref="/monitors"
        save={async (input) => {
          const monitor = await api.createMonitor(input);
          rememberNewMonitor(client, monitor);
          goOn(`/monitors/${monitor.id}`);
        }}
      />
    </div>
  );
}
