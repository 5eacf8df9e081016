import { For, Show } from 'solid-js';
import type { MonitorView, TickView } from '../../../../worker/contract/views.ts';
import { targetLatencyMs } from '../../../../worker/domain/checks/outcome.ts';
import { type Region, regionNames } from '../../../../worker/domain/checks/region.ts';
import { latencyOrDash } from '../../lib/format.ts';
import { guarded } from '../../ui/guarded.tsx';
import { Ago } from '../../ui/Time.tsx';
import { createDistrusted } from '../verdicts/createDistrusted.ts';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';
import { reasonText } from '../verdicts/verdictText.ts';
import { confirmingIn } from './regionState.ts';

/** Each region's confirmed verdict and latest response. A response from before a pause is no current data. */
export const RegionResults = guarded((props: { monitor: MonitorView; latest: Partial<Record<Region, TickView>> }) => {
  const distrusted = createDistrusted();
  const isPaused = () => props.monitor.verdict === 'paused';
  const isOld = (region: Region, tick: TickView) =>
    props.monitor.regionHealth[region] === undefined && tick.startedAt < props.monitor.verdictSince;
  const waits = (region: Region) =>
    !isPaused() && props.monitor.regionHealth[region] === undefined && props.latest[region]?.outcome !== 'unknown';
  const confirming = (region: Region) =>
    isPaused() ? null : confirmingIn(props.monitor.regionHealth[region], props.latest[region]?.outcome);
  return (
    <ul class="regions" aria-label="Status per region">
      <For each={props.monitor.regions}>
        {(region) => (
          <li class="region" data-testid={`region-${region}`}>
            <div class="region-head">
              <h2>{regionNames[region]}</h2>
              <Show
                when={confirming(region)}
                fallback={
                  <VerdictBadge
                    verdict={isPaused() ? 'paused' : (props.monitor.regionHealth[region] ?? 'unknown')}
                    waiting={waits(region)}
                  />
                }
              >
                {(pending) => <span class="suspect">{pending().text}…</span>}
              </Show>
            </div>
            <Show when={!isPaused() && distrusted.ids().includes(region)}>
              <p class="caption">Distrusted: results do not count.</p>
            </Show>
            <Show
              when={props.latest[region]}
              fallback={
                <p class="region-wait">{isPaused() ? 'Paused: no checks.' : 'Waiting for the first result…'}</p>
              }
            >
              {(tick) => (
                <>
                  <p class="region-answer" classList={{ old: isOld(region, tick()) }}>
                    <span class="number">{latencyOrDash(targetLatencyMs(tick()))}</span>
                    <span>{reasonText(tick())}</span>
                  </p>
                  <p class="caption">
                    <Show when={isOld(region, tick())}>Before the pause, </Show>
                    <Ago at={tick().startedAt} />
                    <Show when={tick().dataCentre}>{(code) => <> · data centre {code()}</>}</Show>
                    <Show when={confirming(region)}>
                      {(pending) => <> · counts as {pending().countsAs} until confirmed</>}
                    </Show>
                  </p>
                </>
              )}
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
});
