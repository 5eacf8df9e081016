import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { StatusPageForm } from '../StatusPageForm.tsx';
import { emptyStatusPage } from '../statusPageDraft.ts';

export default function StatusPageNew() {
  createTitle(() => 'New status page');
  const client = useQueryClient();
  const goOn = createWayOn();
  return (
    <div class="page narrow">
      <h1>New status page</h1>
      <StatusPageForm
        initial={emptyStatusPage()}
        draftKey="status-page"
        button="Create page"
        save={async (input) => {
          await api.createStatusPage(input);
          void client.invalidateQueries({ queryKey: ['status-pages'] });
          goOn('/status-pages');
        }}
      />
    </div>
  );
}
