import { A, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Pause from 'lucide-solid/icons/pause';
import Pencil from 'lucide-solid/icons/pencil';
import Play from 'lucide-solid/icons/play';
import Refresh from 'lucide-solid/icons/refresh-cw';
import Trash from 'lucide-solid/icons/trash';
import { createEffect, createSignal, lazy, Show, Suspense } from 'solid-js';
import type { MonitorView, TickView } from '../../../../worker/api/views.ts';
import type { Region } from '../../../../worker/domain/region.ts';
import { api } from '../../api.ts';
import { createAction } from '../../primitives/createAction.ts';
import { isGone } from '../../problem.ts';
import { remember } from '../../queryClient.ts';
import { guarded } from '../guarded.tsx';
import { ProblemMessage } from '../ProblemMessage.tsx';

/** Deleted in another window is deleted. */
const unlessGone = (error: unknown) => {
  if (!isGone(error)) throw error;
};

const ConfirmDialog = lazy(() => import('../ConfirmDialog.tsx'));

/** Check now, pause or resume, edit, delete; says in words how it went. */
export const MonitorActions = guarded((props: { monitor: MonitorView; latest: Partial<Record<Region, TickView>> }) => {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [said, setSaid] = createSignal('');
  const [asking, setAsking] = createSignal(false);
  const paused = () => props.monitor.verdict === 'paused';

  /** Asks for the monitor anew where it is gone, so that the page says so. */
  const reload = (error: unknown): never => {
    if (isGone(error)) void client.invalidateQueries({ queryKey: ['monitor', props.monitor.id] });
    throw error;
  };

  /** When each region was heard last as the check was asked for; null where none is waited for. */
  const [asked, setAsked] = createSignal<Partial<Record<Region, string>> | null>(null);
  const awaited = () => {
    const before = asked();
    return before && props.monitor.regions.filter((region) => props.latest[region]?.startedAt === before[region]);
  };
  createEffect(() => {
    if (awaited()?.length !== 0) return;
    setAsked(null);
    setSaid('The results are here.');
  });
  const check = createAction(async () => {
    const heard = Object.entries(props.latest).map(([region, tick]) => [region, tick.startedAt]);
    await api.checkMonitor(props.monitor.id).catch(reload);
    setSaid('A check from every region is on its way.');
    setAsked(Object.fromEntries(heard));
  });
  const pause = createAction(async () => {
    setAsked(null);
    const change = paused() ? api.resumeMonitor : api.pauseMonitor;
    const changed = await change(props.monitor.id).catch(reload);
    remember<MonitorView>(client, ['monitor', props.monitor.id], (known) => known && { ...known, ...changed });
    void client.invalidateQueries({ queryKey: ['monitors'] });
    setSaid(changed.verdict === 'paused' ? 'Paused: no checks run.' : 'Resumed: checks run again.');
  });
  const remove = createAction(async () => {
    const id = props.monitor.id;
    await api.deleteMonitor(id).catch(unlessGone);
    navigate('/monitors');
    client.removeQueries({ queryKey: ['monitor', id] });
    void client.invalidateQueries({ queryKey: ['monitors'] });
    void client.invalidateQueries({ queryKey: ['incidents'] });
  });

  return (
    <>
      <div class="actions">
        <button type="button" class="button" disabled={check.pending() || paused()} onClick={() => void check.run()}>
          <Refresh size={18} aria-hidden="true" class={check.pending() ? 'spin' : undefined} />
          Check now
        </button>
        <button type="button" class="button" disabled={pause.pending()} onClick={() => void pause.run()}>
          <Show when={paused()} fallback={<Pause size={18} aria-hidden="true" />}>
            <Play size={18} aria-hidden="true" />
          </Show>
          {paused() ? 'Resume' : 'Pause'}
        </button>
        <A href={`/monitors/${props.monitor.id}/edit`} class="button">
          <Pencil size={18} aria-hidden="true" />
          Edit
        </A>
        <button type="button" class="button danger-quiet" onClick={() => setAsking(true)}>
          <Trash size={18} aria-hidden="true" />
          Delete
        </button>
        <p class="said" role="status">
          {said()}
        </p>
      </div>
      <Show when={check.problem() ?? pause.problem()}>{(problem) => <ProblemMessage error={problem()} />}</Show>
      <Show when={asking()}>
        <Suspense>
          <ConfirmDialog
            title={`Delete “${props.monitor.name}”?`}
            confirm="Delete monitor"
            pending={remove.pending()}
            problem={remove.problem()}
            onConfirm={() => void remove.run()}
            onClose={() => setAsking(false)}
          >
            Its checks stop, and its history and incidents are deleted. This cannot be undone. To stop the checks and
            keep the history, pause it instead.
          </ConfirmDialog>
        </Suspense>
      </Show>
    </>
  );
});
