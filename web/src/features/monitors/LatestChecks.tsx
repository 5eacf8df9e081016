import { createMemo, createSignal, For, Show } from 'solid-js';
import type { TickView } from '../../../../worker/contract/views.ts';
import { targetLatencyMs } from '../../../../worker/domain/checks/outcome.ts';
import { regionNames } from '../../../../worker/domain/checks/region.ts';
import { latencyOrDash, zoneName } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Clock } from '../../ui/Time.tsx';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';
import { failed, reasonText } from '../verdicts/verdictText.ts';

const step = 12;

/** The latest checks of all regions, newest first. `ticks` ascend by time. */
export const LatestChecks = guarded((props: { ticks: TickView[] }) => {
  const [count, setCount] = createSignal(step);
  const [onlyFailures, setOnlyFailures] = createSignal(false);
  const chosen = createMemo(() => (onlyFailures() ? props.ticks.filter(failed) : props.ticks));
  const shown = createMemo(() => chosen().slice(-count()).reverse());
  return (
    <section class="panel" aria-labelledby="checks-title">
      <div class="panel-head">
        <h2 id="checks-title">Latest checks</h2>
        <label class="check">
          <input type="checkbox" checked={onlyFailures()} onChange={(e) => setOnlyFailures(e.currentTarget.checked)} />
          Failures only
        </label>
      </div>
      <Show
        when={shown().length > 0}
        fallback={<p class="nothing">{onlyFailures() ? 'No failures in the last 24 hours.' : 'No checks yet.'}</p>}
      >
        <table class="checks">
          <thead>
            <tr>
              <th>Time ({zoneName(now())})</th>
              <th>Region</th>
              <th>Result</th>
              <th>Reason</th>
              <th class="right">Status</th>
              <th class="right">Latency</th>
            </tr>
          </thead>
          <tbody>
            <For each={shown()}>
              {(tick) => (
                <tr data-testid="check-row">
                  <td class="when">
                    <Clock at={tick.startedAt} />
                  </td>
                  <td class="where">{regionNames[tick.region]}</td>
                  <td class="what">
                    <VerdictBadge verdict={tick.outcome} />
                  </td>
                  <td class="reason">{reasonText(tick)}</td>
                  <td class="status right">{tick.status ?? '–'}</td>
                  <td class="fast right">{latencyOrDash(targetLatencyMs(tick))}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={chosen().length > count()}>
          <button type="button" class="button small" onClick={() => setCount((n) => n + 3 * step)}>
            Show older checks
          </button>
        </Show>
      </Show>
    </section>
  );
});
