import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../api.ts';
import { Answered } from '../components/Answered.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import { StatusPageForm } from '../components/statusPages/StatusPageForm.tsx';
import { askedAnew, createBeginning } from '../primitives/createBeginning.ts';
import { createTitle } from '../primitives/createTitle.ts';
import { createWayOn } from '../primitives/createWayOn.ts';
import { useQuery } from '../primitives/query.ts';
import { statusPageQuery } from '../queries/statusPages.ts';
import { statusPageDraftOf } from '../statusPageDraft.ts';

export default function StatusPageEdit() {
  createTitle(() => 'Edit status page');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const page = useQuery(() => ({ ...statusPageQuery(params.id), ...askedAnew }));
  const beginning = createBeginning(page);
  return (
    <div class="page narrow">
      <h1>Edit status page</h1>
      <Answered query={page} answer={beginning()} waiting={<Skeleton rows={4} height="row" />}>
        {(found) => {
          const { updatedAt } = found();
          return (
            <StatusPageForm
              initial={statusPageDraftOf(found())}
              draftKey={`status-page:${params.id}:${updatedAt}`}
              button="Save changes"
              save={async (input) => {
                await api.changeStatusPage(params.id, { ...input, updatedAt });
                void client.invalidateQueries({ queryKey: ['status-pages'] });
                goOn('/status-pages');
              }}
            />
          );
        }}
      </Answered>
    </div>
  );
}
