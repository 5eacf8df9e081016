import { Show } from 'solid-js';
import { partOfPeriod } from '../../../../worker/domain/history/uptime.ts';
import { useQuery } from '../../app/cache/query.ts';
import { percent } from '../../lib/format.ts';
import { guarded } from '../../ui/guarded.tsx';
import { uptimeQuery } from './observationQueries.ts';
import { dayMs } from './ticks.ts';

/** Uptime over the last `days`; a dash while there is no data, which is not 0 %. What it was before anybody reclassified stays visible. */
export const UptimeStat = guarded((props: { monitorId: string; days: number; label: string }) => {
  const uptime = useQuery(() => uptimeQuery(props.monitorId, props.days));
  const observed = () =>
    uptime.isPending ? null : partOfPeriod((uptime.data?.observedSeconds ?? 0) * 1000, props.days * dayMs);
  const original = () => (uptime.isPending ? null : (uptime.data?.original ?? null));
  return (
    <div class="stat">
      <dt>{props.label}</dt>
      <dd class="number">{uptime.isPending ? '…' : percent(uptime.data?.uptimePercent ?? null)}</dd>
      <Show when={observed()}>{(part) => <dd class="caption">{part()} of data</dd>}</Show>
      <Show when={original()}>
        {(before) => <dd class="caption">{percent(before().uptimePercent)} before reclassification</dd>}
      </Show>
    </div>
  );
});
