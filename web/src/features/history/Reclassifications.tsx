import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { ReclassificationView } from '../../../../worker/contract/views.ts';
import { api } from '../../app/cache/api.ts';
import { useInfiniteQuery } from '../../app/cache/query.ts';
import { recount } from '../../app/live/liveCache.ts';
import { guarded } from '../../ui/guarded.tsx';
import { LoadMore } from '../../ui/LoadMore.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { Ago, TimeSpan } from '../../ui/Time.tsx';
import { reclassificationsQuery } from '../verdicts/queries.ts';
import { reclassifiedLabels } from '../verdicts/verdictText.ts';

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** The reclassified times of a monitor, with author and reason; each can be revoked. */
export const Reclassifications = guarded((props: { monitorId: string }) => {
  const client = useQueryClient();
  const list = useInfiniteQuery(() => reclassificationsQuery(props.monitorId));
  const all = () => list.items;
  const [asking, setAsking] = createSignal<ReclassificationView | null>(null);
  const takeBack = createAction(async ({ id, monitorId }: ReclassificationView) => {
    await api.revokeReclassification(monitorId, id);
    setAsking(null);
    recount(client);
  });
  let section: HTMLElement | undefined;
  // The browser searched for the anchor before it existed.
  createEffect(() => list.isSuccess && location.hash === '#reclassified' && section?.scrollIntoView());
  return (
    <section class="panel" id="reclassified" ref={section} aria-labelledby="reclassified-title">
      <div class="panel-head">
        <h2 id="reclassified-title">Reclassified periods</h2>
        <A href={`/settings/audit?monitorId=${props.monitorId}`}>Audit trail</A>
      </div>
      <Show when={list.isError && all().length === 0}>
        <ProblemMessage error={list.error} retry={() => void list.refetch()} />
      </Show>
      <Show
        when={all().length > 0}
        fallback={
          <Show when={list.isSuccess}>
            <p class="nothing">None. All periods count as detected.</p>
          </Show>
        }
      >
        <ul class="reclassifications">
          <For each={all()}>{(one) => <Reclassification one={one} takeBack={() => setAsking(one)} />}</For>
        </ul>
        <LoadMore list={list} />
      </Show>
      <Show when={asking()}>
        {(one) => (
          <Suspense>
            <ConfirmDialog
              title="Undo this reclassification?"
              confirm="Undo reclassification"
              pending={takeBack.pending()}
              problem={takeBack.problem()}
              onConfirm={() => void takeBack.run(one())}
              onClose={() => setAsking(null)}
            >
              <TimeSpan from={one().from} to={one().to} /> will count as detected again. The entry stays in this list
              and in the audit trail.
            </ConfirmDialog>
          </Suspense>
        )}
      </Show>
    </section>
  );
});

const Reclassification = (props: { one: ReclassificationView; takeBack: () => void }) => (
  <li class="reclassification" classList={{ revoked: props.one.revokedAt !== null }} data-testid="reclassification">
    <div>
      <p class="reclassification-span">
        <TimeSpan from={props.one.from} to={props.one.to} />
        {props.one.revokedAt === null ? ' counts as ' : ' counted as '}
        {reclassifiedLabels[props.one.as]}
      </p>
      <p>
        <q>{props.one.reason}</q>
      </p>
      <p class="caption">
        {props.one.author?.email ?? 'Former member'}, <Ago at={props.one.createdAt} />
        <Show when={props.one.revokedAt}>
          {(at) => (
            <>
              {' '}
              · undone by {props.one.revokedBy?.email ?? 'a former member'}, <Ago at={at()} />
            </>
          )}
        </Show>
      </p>
    </div>
    <Show when={props.one.revokedAt === null}>
      <button type="button" class="button small" onClick={() => props.takeBack()}>
        Undo
      </button>
    </Show>
  </li>
);
