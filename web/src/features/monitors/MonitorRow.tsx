import { A } from '@solidjs/router';
import { createMemo, For, Show } from 'solid-js';
import type { MonitorListItem } from '../../../../worker/contract/views.ts';
import { unpackChecks } from '../../../../worker/domain/checks/recentChecks.ts';
import type { Region } from '../../../../worker/domain/checks/region.ts';
import { partOfPeriod } from '../../../../worker/domain/history/uptime.ts';
import { isWaiting } from '../../../../worker/domain/verdict/condition.ts';
import { hostOf, latency, percent } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { guarded } from '../../ui/guarded.tsx';
import { inMaintenance } from '../maintenance/maintenance.ts';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';
import { Conditions } from './Conditions.tsx';
import { Sparkline } from './Sparkline.tsx';
import { dayMs } from './ticks.ts';

/** One monitor of the list; the whole row leads to its page. */
export const MonitorRow = guarded((props: { monitor: MonitorListItem; distrusted: readonly Region[] }) => {
  const checks = createMemo(() => unpackChecks(props.monitor.recentChecks));
  const last = () => checks().at(-1);
  /** A result that decides nothing, such as a refusal by bot protection, is no reason to go on waiting. */
  const waits = () => isWaiting(props.monitor) && last()?.outcome !== 'unknown';
  const answer = () => {
    const check = last();
    return check?.answered ? latency(check.latencyMs) : undefined;
  };
  const emptyOr24Hours = () => (props.monitor.uptime24h === null ? 'no data' : '24 hours');
  const observed = () => partOfPeriod(props.monitor.observed24hSeconds * 1000, dayMs);
  return (
    <li class="monitor-row" data-testid="monitor-row">
      <div class="monitor-verdict">
        <VerdictBadge verdict={props.monitor.verdict} waiting={waits()} />
        <Conditions monitor={props.monitor} distrusted={props.distrusted} />
        <Show when={props.monitor.suspect}>
          <span class="suspect">Confirming…</span>
        </Show>
        <Show when={inMaintenance(props.monitor, now())}>
          <span class="in-maintenance">In maintenance</span>
        </Show>
      </div>
      <div class="monitor-name">
        <A href={`/monitors/${props.monitor.id}`}>{props.monitor.name}</A>
        <span class="monitor-host">
          <span>{hostOf(props.monitor.address)}</span>
          <For each={props.monitor.tags}>{(tag) => <span class="tag">{tag}</span>}</For>
        </span>
      </div>
      <Sparkline checks={checks()} />
      <div class="monitor-latency">
        <span class="number">{answer() ?? '–'}</span>
        <span class="caption">{answer() || !last() ? 'last response' : 'no response'}</span>
      </div>
      <div class="monitor-uptime">
        <span class="number">{percent(props.monitor.uptime24h)}</span>
        <span class="caption">{observed() ? `of ${observed()}` : emptyOr24Hours()}</span>
      </div>
    </li>
  );
});
