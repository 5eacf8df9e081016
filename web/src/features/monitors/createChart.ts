import { createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import uPlot from 'uplot';
import { dateFormat } from '../../lib/dates.ts';
import { latency } from '../../lib/format.ts';
import type { ChartData } from './chartData.ts';

const clock = dateFormat({ hour: '2-digit', minute: '2-digit' });
const clockSeconds = dateFormat({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/**
 * The look of a chart, read from the style sheet so that it follows the theme. As the colour of an element: a canvas
 * does not know the theme, so `light-dark()`, which a custom property holds as written, would be light there in both.
 */
const colours = (element: HTMLElement, seriesCount: number) => {
  const probe = element.appendChild(document.createElement('span'));
  const read = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const series = Array.from({ length: seriesCount }, (_, i) => read(`--series-${i % 8}`));
  const found = { text: read('--muted'), grid: read('--line'), down: read('--down'), series };
  probe.remove();
  return found;
};

/** A young monitor's first points are not stretched over the whole width. */
const leastSpanSeconds = 600;

/** Marks failures as short strokes at the foot of the chart, in the colour of an outage. */
const drawFailures = (plot: uPlot, failures: readonly boolean[][], colour: string) => {
  const { ctx, bbox } = plot;
  const size = 7 * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  failures.forEach((marks, series) => {
    if (plot.series[series + 1]?.show === false) return;
    marks.forEach((mark, i) => {
      const time = plot.data[0][i];
      if (!mark || time === undefined) return;
      const x = plot.valToPos(time, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) return;
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x, bbox.top + bbox.height - size);
    });
  });
  ctx.stroke();
  ctx.restore();
};

const toData = (data: ChartData) => [data.times, ...data.latencies] as uPlot.AlignedData;

/**
 * A line chart of `data()` inside `host`, as wide as it. Dragging zooms, a double click resets. It is built again when
 * the theme or the number of lines changes, and keeps the zoom while data arrives.
 */
export const createChart = (host: () => HTMLElement | undefined, data: () => ChartData, hidden: () => boolean[]) => {
  const [zoomed, setZoomed] = createSignal(false);
  const [cursor, setCursor] = createSignal<number | null>(null);
  let plot: uPlot | undefined;
  let span: [from: number, to: number] | null = null;

  const hasAnswers = createMemo(() => data().latencies.some((line) => line.some((value) => value !== null)));

  const options = (element: HTMLElement, seriesCount: number): uPlot.Options => {
    const colour = colours(element, seriesCount);
    const axis = {
      stroke: colour.text,
      grid: { stroke: colour.grid, width: 1 },
      ticks: { stroke: colour.grid, width: 1 },
    };
    const font = `12px ${getComputedStyle(element).fontFamily}`;
    return {
      width: element.clientWidth,
      height: element.clientHeight,
      padding: [8, 32, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: true, y: false, dist: 8 }, points: { size: 6 } },
      scales: {
        y: { range: (_, _min, max) => [0, Math.max(10, (max ?? 0) * 1.1)] },
      },
      axes: [
        {
          ...axis,
          font,
          space: 64,
          values: (u, splits) => {
            const narrow = (u.scales.x?.max ?? 0) - (u.scales.x?.min ?? 0) < 600;
            return splits.map((s) => (narrow ? clockSeconds : clock).format(s * 1000));
          },
        },
        // Without a single answer the axis has nothing to measure.
        { ...axis, font, size: 62, show: hasAnswers(), values: (_, splits) => splits.map(latency) },
      ],
      series: [
        {},
        ...colour.series.map((stroke, i) => ({
          stroke,
          width: 1.5,
          spanGaps: false,
          show: !hidden()[i],
          points: { size: 4 },
        })),
      ],
      hooks: {
        draw: [(u) => drawFailures(u, data().failures, colour.down)],
        setSelect: [
          (u) =>
            u.select.width > 0 && zoom(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')),
        ],
        setCursor: [(u) => setCursor(u.cursor.idx ?? null)],
      },
    };
  };

  /** uPlot would choose the span again with each arrival: the zoom has to stay, and one point is no span. */
  const draw = () => {
    const last = data().times.at(-1) ?? Date.now() / 1000;
    const first = data().times[0] ?? last;
    const [min, max] = span ?? [Math.min(first, last - leastSpanSeconds), last];
    plot?.setData(toData(data()), false);
    plot?.setScale('x', { min, max });
  };
  const zoom = (from: number, to: number) => {
    span = [from, to];
    setZoomed(true);
    draw();
    plot?.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  };
  const reset = () => {
    span = null;
    setZoomed(false);
    draw();
  };

  const showChosen = (hide: boolean[]) => {
    for (const [i, off] of hide.entries()) plot?.setSeries(i + 1, { show: !off });
  };

  const build = () => {
    const element = host();
    if (!element) return;
    plot?.destroy();
    plot = new uPlot(options(element, data().latencies.length), toData(data()), element);
    draw();
    plot.over.addEventListener('dblclick', reset);
  };

  // Memos: the chart is built again where the number of lines changes or the first answer comes, and not with each tick.
  const lines = createMemo(() => data().latencies.length);
  createEffect(on([host, lines, hasAnswers], build));
  createEffect(on(data, draw, { defer: true }));
  createEffect(on(hidden, showChosen, { defer: true }));

  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', build);
  const themed = new MutationObserver(build);
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const resized = new ResizeObserver(() => {
    const element = host();
    if (element) plot?.setSize({ width: element.clientWidth, height: element.clientHeight });
  });
  createEffect(() => {
    const element = host();
    if (element) resized.observe(element);
  });
  onCleanup(() => {
    dark.removeEventListener('change', build);
    themed.disconnect();
    resized.disconnect();
    plot?.destroy();
  });
  return { zoomed, cursor, zoom, reset };
};
