import { A } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Pause from 'lucide-solid/icons/pause';
import Pencil from 'lucide-solid/icons/pencil';
import Play from 'lucide-solid/icons/play';
import Refresh from 'lucide-solid/icons/refresh-cw';
import Trash from 'lucide-solid/icons/trash';
import { createEffect, createSignal, lazy, Show, Suspense } from 'solid-js';
import type { MonitorView, TickView } from '../../../../worker/contract/views.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { api } from '../../app/cache/api.ts';
import { remember } from '../../app/cache/queryClient.ts';
import { isGone } from '../../lib/problem.ts';
import { guarded } from '../../ui/guarded.tsx';
import { ProblemMessage } from '../../ui/ProblemMessage.tsx';
import { createAction } from '../../ui/primitives/createAction.ts';
import { createWayOn } from '../../ui/primitives/createWayOn.ts';

/** Deleted in another window is deleted. */
const unlessGone = (error: unknown) => {
  if (!isGone(error)) throw error;
};

const ConfirmDialog = lazy(() => import('../../ui/ConfirmDialog.tsx'));

/** Check now, pause or resume, edit, delete; reports the result in words. */
export const MonitorActions = guarded((props: { monitor: MonitorView; latest: Partial<Record<Region, TickView>> }) => {
  const client = useQueryClient();
  const goOn = createWayOn();
  const [said, setSaid] = createSignal('');
  const [asking, setAsking] = createSignal<{ id: string; name: string } | null>(null);
  const paused = () => props.monitor.verdict === 'paused';

  /** Refetches a deleted monitor, so that the page shows that it is deleted. */
  const reload =
    (id: string) =>
    (error: unknown): never => {
      if (isGone(error)) void client.invalidateQueries({ queryKey: ['monitor', id] });
      throw error;
    };

  /** Time of each region's last data when the check was requested; null where no check is pending. */
  const [asked, setAsked] = createSignal<Partial<Record<Region, string>> | null>(null);
  const awaited = () => {
    const before = asked();
    return before && props.monitor.regions.filter((region) => props.latest[region]?.startedAt === before[region]);
  };
  createEffect(() => {
    if (awaited()?.length !== 0) return;
    setAsked(null);
    setSaid('The results have arrived.');
  });
  const check = createAction(async (id: string) => {
    const lastSeen = Object.entries(props.latest).map(([region, tick]) => [region, tick.startedAt]);
    await api.checkMonitor(id).catch(reload(id));
    setSaid('Checking from every region.');
    setAsked(Object.fromEntries(lastSeen));
  });
  const pause = createAction(async (id: string, change: typeof api.pauseMonitor) => {
    setAsked(null);
    const changed = await change(id).catch(reload(id));
    remember<MonitorView>(client, ['monitor', id], (known) => known && { ...known, ...changed });
    void client.invalidateQueries({ queryKey: ['monitors'] });
    setSaid(changed.verdict === 'paused' ? 'Paused. No checks run.' : 'Resumed. Checks run again.');
  });
  const remove = createAction(async (id: string) => {
    await api.deleteMonitor(id).catch(unlessGone);
    goOn('/monitors');
    client.removeQueries({ queryKey: ['monitor', id] });
    void client.invalidateQueries({ queryKey: ['monitors'] });
    void client.invalidateQueries({ queryKey: ['incidents'] });
  });

  return (
    <>
      <div class="actions four">
        <button
          type="button"
          class="button"
          disabled={check.pending() || paused()}
          onClick={() => void check.run(props.monitor.id)}
        >
          <Refresh size={18} aria-hidden="true" class={check.pending() ? 'spin' : undefined} />
          Check now
        </button>
        <button
          type="button"
          class="button"
          disabled={pause.pending()}
          onClick={() => void pause.run(props.monitor.id, paused() ? api.resumeMonitor : api.pauseMonitor)}
        >
          <Show when={paused()} fallback={<Pause size={18} aria-hidden="true" />}>
            <Play size={18} aria-hidden="true" />
          </Show>
          {paused() ? 'Resume' : 'Pause'}
        </button>
        <A href={`/monitors/${props.monitor.id}/edit`} class="button">
          <Pencil size={18} aria-hidden="true" />
          Edit
        </A>
        <button
          type="button"
          class="button danger-quiet"
          onClick={() => setAsking({ id: props.monitor.id, name: props.monitor.name })}
        >
          <Trash size={18} aria-hidden="true" />
          Delete
        </button>
        <p class="said" role="status">
          {said()}
        </p>
      </div>
      <Show when={check.problem() ?? pause.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <Show when={asking()}>
        {(asked) => (
          <Suspense>
            <ConfirmDialog
              title={`Delete “${asked().name}”?`}
              confirm="Delete monitor"
              pending={remove.pending()}
              problem={remove.problem()}
              onConfirm={() => void remove.run(asked().id)}
              onClose={() => setAsking(null)}
            >
              This stops the checks and deletes the history and incidents. You cannot undo this. To keep the history,
              pause the monitor instead.
            </ConfirmDialog>
          </Suspense>
        )}
      </Show>
    </>
  );
});
