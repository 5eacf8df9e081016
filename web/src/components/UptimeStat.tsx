import { useQuery } from '@tanstack/solid-query';
import { percent } from '../format.ts';
import { uptimeQuery } from '../queries.ts';

/** Uptime over the last `days`; a dash while there is no data, which is not 0 %. */
export const UptimeStat = (props: { monitorId: string; days: number; label: string }) => {
  const uptime = useQuery(() => uptimeQuery(props.monitorId, props.days));
  return (
    <div class="stat">
      <dt>{props.label}</dt>
      <dd class="number">{uptime.isPending ? '…' : percent(uptime.data?.uptimePercent ?? null)}</dd>
    </div>
  );
};
