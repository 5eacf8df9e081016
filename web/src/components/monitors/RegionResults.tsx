import { For, Show } from 'solid-js';
import type { MonitorView, TickView } from '../../../../worker/api/views.ts';
import { type Region, regionNames } from '../../../../worker/domain/region.ts';
import { latency } from '../../format.ts';
import { reasonText } from '../../words.ts';
import { guarded } from '../guarded.tsx';
import { Ago } from '../Time.tsx';
import { VerdictBadge } from '../verdicts/VerdictBadge.tsx';

/** What each region says: its confirmed verdict and its latest answer. */
export const RegionResults = guarded((props: { monitor: MonitorView; latest: Partial<Record<Region, TickView>> }) => (
  <ul class="regions" aria-label="Verdict per region">
    <For each={props.monitor.regions}>
      {(region) => (
        <li class="region" data-testid={`region-${region}`}>
          <div class="region-head">
            <h2>{regionNames[region]}</h2>
            <VerdictBadge
              verdict={props.monitor.regionHealth[region] ?? 'unknown'}
              waiting={props.monitor.regionHealth[region] === undefined}
            />
          </div>
          <Show when={props.latest[region]} fallback={<p class="region-wait">Waiting for the first result…</p>}>
            {(tick) => (
              <>
                <p class="region-answer">
                  <span class="number">{latency(tick().latencyMs)}</span>
                  <span>{reasonText(tick())}</span>
                </p>
                <p class="caption">
                  <Ago at={tick().startedAt} />
                  <Show when={tick().dataCentre}>{(code) => <> · data centre {code()}</>}</Show>
                </p>
              </>
            )}
          </Show>
        </li>
      )}
    </For>
  </ul>
));
