import { useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { api } from '../../../app/cache/api.ts';
import { useQuery } from '../../../app/cache/query.ts';
import { Answered } from '../../../ui/Answered.tsx';
import { alwaysRefetched, createBeginning } from '../../../ui/primitives/createBeginning.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { createWayOn } from '../../../ui/primitives/createWayOn.ts';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { statusPageQuery } from '../queries.ts';
import { StatusPageForm } from '../StatusPageForm.tsx';
import { statusPageDraftOf } from '../statusPageDraft.ts';

export default function StatusPageEdit() {
  createTitle(() => 'Edit status page');
  const params = useParams<{ id: string }>();
  const client = useQueryClient();
  const goOn = createWayOn();
  const page = useQuery(() => ({ ...statusPageQuery(params.id), ...alwaysRefetched }));
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
