import { Show } from 'solid-js';
import type { MonitorDetailView } from '../../../../worker/contract/views.ts';
import { everyText } from '../../lib/format.ts';
import { Notice } from '../../ui/Notice.tsx';

/** Says that the monitor is checked more rarely than chosen, and why. */
export const LimitNotice = (props: { monitor: Pick<MonitorDetailView, 'limitedBy' | 'intervalSeconds'> }) => (
  <div role="status">
    <Show when={props.monitor.limitedBy}>
      {(limit) => (
        <Notice>
          Checks of <strong>{limit().domain}</strong> are limited to {limit().requestsPerSecond} per second, shared by
          all teams of this Pharos. This monitor is therefore checked {everyText(limit().effectiveIntervalSeconds)} from
          each region, instead of {everyText(props.monitor.intervalSeconds)}. To restore the interval, reduce the number
          of monitors of this domain or use longer intervals.
        </Notice>
      )}
    </Show>
  </div>
);
