import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../api.ts';
import { MonitorForm } from '../components/monitors/MonitorForm.tsx';
import { emptyDraft } from '../monitorDraft.ts';
import { createTitle } from '../primitives/createTitle.ts';

export default function MonitorNew() {
  createTitle(() => 'Add a monitor');
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <div class="page narrow">
      <h1>Add a monitor</h1>
      <MonitorForm
        initial={emptyDraft()}
        draftKey="monitor"
        button="Start watching"
        cancelHref="/monitors"
        save={async (input) => {
          const monitor = await api.createMonitor(input);
          client.setQueryData(['monitor', monitor.id], monitor, { updatedAt: 0 });
          void client.invalidateQueries({ queryKey: ['monitors'] });
          navigate(`/monitors/${monitor.id}`);
        }}
      />
    </div>
  );
}
