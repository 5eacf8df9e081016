import 'uplot/dist/uPlot.min.css';
import { createMemo, createSignal, For, Index, Show } from 'solid-js';
import type { TickView } from '../../../../worker/contract/views.ts';
import { type Region, regionNames } from '../../../../worker/domain/checks/region.ts';
import { exactTime, latencyOrDash, shortTime } from '../../lib/format.ts';
import { chartData, type RegionSummary, summarize } from './chartData.ts';
import { createChart } from './createChart.ts';
import './chart.css';

const spans: [hours: number, text: string][] = [
  [1, '1 h'],
  [6, '6 h'],
  [24, '24 h'],
];

/** A young monitor, or one that was paused, has less than the day that the chart is for. */
const almostADayMs = 23 * 60 * 60 * 1000;

/** The range of the medians; a chart without a line explains why. */
const captionText = (summary: RegionSummary[], first: TickView | undefined) => {
  const since = first && Date.now() - Date.parse(first.scheduledAt) < almostADayMs ? first.scheduledAt : undefined;
  const period = since ? `since ${shortTime(since, Date.now())}` : 'in 24 hours';
  if (!summary.some(({ medianMs }) => medianMs !== null))
    return `No successful check ${period}, so no response time. Each red mark is a failed check.`;
  const checks = summary.reduce((sum, region) => sum + region.checks, 0);
  return `Medians of ${checks.toLocaleString('en')} ${checks === 1 ? 'check' : 'checks'} ${period}. Drag across the chart to zoom in; double-click to reset.`;
};

interface Charted {
  ticks: TickView[];
  regions: Region[];
  intervalSeconds: number;
}

/** Response time per region. Loaded with its library only when a monitor's page needs it. */
export default function ResponseChart(props: Charted) {
  return (
    <Show
      when={props.ticks.some(({ outcome }) => outcome !== 'unknown')}
      fallback={
        <p class="nothing">
          {props.ticks.length === 0 ? 'No check results yet.' : 'No valid results yet, so no response time.'}
        </p>
      }
    >
      <Chart {...props} />
    </Show>
  );
}

const Chart = (props: Charted) => {
  const [host, setHost] = createSignal<HTMLElement>();
  const [hidden, setHidden] = createSignal<boolean[]>(props.regions.map(() => false));
  const data = createMemo(() => chartData(props.ticks, props.regions, props.intervalSeconds));
  const summary = createMemo(() => summarize(props.ticks, props.regions));
  const chart = createChart(host, data, hidden);

  const toggle = (index: number) => setHidden((now) => props.regions.map((_, i) => (i === index) !== Boolean(now[i])));
  const pointed = () => {
    const index = chart.cursor();
    const time = index === null ? undefined : data().times[index];
    return index === null || time === undefined ? null : { index, time: new Date(time * 1000).toISOString() };
  };
  const shownValue = (series: number) => {
    const point = pointed();
    if (!point) return latencyOrDash(summary()[series]?.medianMs ?? null);
    return data().failures[series]?.[point.index]
      ? 'failed'
      : latencyOrDash(data().latencies[series]?.[point.index] ?? null);
  };
  const showLast = (hours: number) => {
    const last = data().times.at(-1) ?? Date.now() / 1000;
    if (hours === 24) chart.reset();
    else chart.zoom(last - hours * 3600, last);
  };
  const words = () =>
    summary()
      .map((s) => `${regionNames[s.region]}: median ${latencyOrDash(s.medianMs)}, ${s.failures} of ${s.checks} failed`)
      .join('; ');

  return (
    <>
      <div class="chart-tools">
        <ul class="legend" aria-label="Regions of the chart">
          <For each={props.regions}>
            {(region, i) => (
              <li>
                <button type="button" class="chip" aria-pressed={!hidden()[i()]} onClick={() => toggle(i())}>
                  <span class={`swatch series-${i() % 8}`} aria-hidden="true" />
                  {regionNames[region]} <b>{shownValue(i())}</b>
                </button>
              </li>
            )}
          </For>
        </ul>
        <fieldset class="zoom" aria-label="Time span">
          <For each={spans}>
            {([hours, text]) => (
              <button type="button" class="chip" onClick={() => showLast(hours)}>
                {text}
              </button>
            )}
          </For>
          <button type="button" class="chip" disabled={!chart.zoomed()} onClick={chart.reset}>
            Reset zoom
          </button>
        </fieldset>
      </div>
      <figure class="chart">
        <div
          class="chart-host"
          ref={setHost}
          role="img"
          aria-label={`Response time of the last 24 hours. ${words()}`}
        />
        <figcaption class="caption">
          <Show when={pointed()} fallback={captionText(summary(), props.ticks[0])}>
            {(point) => <>{exactTime(point().time)}</>}
          </Show>
        </figcaption>
      </figure>
      <details class="as-table">
        <summary>Chart data as a table</summary>
        <SummaryTable summary={summary()} />
      </details>
    </>
  );
};

const SummaryTable = (props: { summary: RegionSummary[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
  <section class="scroll-x" tabIndex={0} aria-label="Chart data as a table">
    <table>
      <thead>
        <tr>
          <th>Region</th>
          <th class="right">Checks</th>
          <th class="right">Failed</th>
          <th class="right">Median</th>
          <th class="right">95th percentile</th>
          <th class="right">Slowest</th>
        </tr>
      </thead>
      <tbody>
        {/* By place: what is computed again is new objects, and rows must stay. */}
        <Index each={props.summary}>
          {(row) => (
            <tr>
              <th scope="row">{regionNames[row().region]}</th>
              <td class="right">{row().checks}</td>
              <td class="right">{row().failures}</td>
              <td class="right">{latencyOrDash(row().medianMs)}</td>
              <td class="right">{latencyOrDash(row().p95Ms)}</td>
              <td class="right">{latencyOrDash(row().slowestMs)}</td>
            </tr>
          )}
        </Index>
      </tbody>
    </table>
  </section>
);
