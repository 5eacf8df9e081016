import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import ExternalLink from 'lucide-solid/icons/external-link';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { StatusPageView } from '../../../../../worker/contract/views.ts';
import { api } from '../../../app/cache/api.ts';
import { PagedList } from '../../../ui/PagedList.tsx';
import { createAction } from '../../../ui/primitives/createAction.ts';
import { createTitle } from '../../../ui/primitives/createTitle.ts';
import { statusPagesQuery } from '../queries.ts';
import '../../../ui/styles/first.css';
import '../../../ui/styles/form.css';
import { useInfiniteQuery } from '../../../app/cache/query.ts';
import { EditAndDelete } from '../../../ui/EditAndDelete.tsx';

const ConfirmDialog = lazy(() => import('../../../ui/ConfirmDialog.tsx'));

export default function StatusPages() {
  createTitle(() => 'Status pages');
  const client = useQueryClient();
  const list = useInfiniteQuery(statusPagesQuery);
  const all = () => list.items;
  const [asking, setAsking] = createSignal<StatusPageView | null>(null);
  const remove = createAction(async (page: StatusPageView) => {
    await api.deleteStatusPage(page.id);
    setAsking(null);
    await client.invalidateQueries({ queryKey: ['status-pages'] });
  });

  return (
    <div class="page narrow">
      <div class="page-head">
        <h1>Status pages</h1>
        <Show when={all().length > 0}>
          <A href="/status-pages/new" class="button primary">
            <Plus size={18} aria-hidden="true" />
            New page
          </A>
        </Show>
      </div>
      <PagedList
        list={list}
        isEmpty={all().length === 0}
        empty={
          <div class="first">
            <h2>Share the status of your services</h2>
            <p>A status page shows selected monitors to the public and stays available during outages.</p>
            <A href="/status-pages/new" class="button primary">
              Create a status page
            </A>
          </div>
        }
      >
        <ul class="status-pages">
          <For each={all()}>
            {(page) => (
              <li class="panel status-page" data-testid="status-page">
                <div>
                  <h2>{page.name}</h2>
                  <a href={`/status/${page.slug}`} rel="noopener external" target="_blank">
                    /status/{page.slug}
                    <ExternalLink size={14} aria-label="opens in a new tab" />
                  </a>
                  <p class="caption">
                    {page.components.length} {page.components.length === 1 ? 'monitor' : 'monitors'}
                  </p>
                </div>
                <div class="actions">
                  <EditAndDelete name={page.name} href={`/status-pages/${page.id}`} onDelete={() => setAsking(page)} />
                </div>
              </li>
            )}
          </For>
        </ul>
      </PagedList>
      <Show when={asking()}>
        {(page) => (
          <Suspense>
            <ConfirmDialog
              title={`Delete “${page().name}”?`}
              confirm="Delete status page"
              pending={remove.pending()}
              problem={remove.problem()}
              onConfirm={() => void remove.run(page())}
              onClose={() => setAsking(null)}
            >
              /status/{page().slug} then returns “not found”. The monitors are not affected.
            </ConfirmDialog>
          </Suspense>
        )}
      </Show>
    </div>
  );
}
