import { createMemo } from 'solid-js';
import type { TickView } from '../../../../worker/api/views.ts';
import { latency } from '../../format.ts';
import { failed, hasAnswered } from '../../words.ts';

const bars = 30;
const step = 6;
const height = 28;

/** One bar: its height is the latency against the slowest of those shown; a failure is a full bar under a gap. */
const barPath = (x: number, size: number) => `M${x} ${height}v${-size.toFixed(1)}`;

/** The latest checks, oldest left. Failures are told from passes by form (full height, capped by a dot) and by colour. */
export const Sparkline = (props: { ticks: TickView[] }) => {
  const shapes = createMemo(() => {
    const ticks = props.ticks.slice(-bars);
    const slowest = Math.max(1, ...ticks.filter((tick) => !failed(tick)).map((tick) => tick.latencyMs));
    const paths = { up: '', degraded: '', down: '', unknown: '' };
    ticks.forEach((tick, i) => {
      const x = (bars - ticks.length + i) * step + step / 2;
      if (failed(tick)) paths.down += `${barPath(x, height - 7)}M${x} 2.500v0`;
      else paths[tick.outcome] += barPath(x, 4 + (height - 6) * Math.sqrt(tick.latencyMs / slowest) * 0.9);
    });
    return paths;
  });
  const label = () => {
    const count = Math.min(bars, props.ticks.length);
    const failures = props.ticks.slice(-bars).filter(failed).length;
    const last = props.ticks.at(-1);
    if (!last) return 'No checks yet';
    const words = failures === 0 ? 'none failed' : `${failures} failed`;
    const answer = hasAnswered(last) ? `last answer after ${latency(last.latencyMs)}` : 'no answer to the last';
    return `Latest ${count} checks: ${words}; ${answer}`;
  };
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${bars * step} ${height}`}
      preserveAspectRatio="xMinYMid"
      role="img"
      aria-label={label()}
    >
      <path class="baseline" d={`M0 ${height - 0.5}H${bars * step}`} />
      <path class="bar up" d={shapes().up} />
      <path class="bar degraded" d={shapes().degraded} />
      <path class="bar unknown" d={shapes().unknown} />
      <path class="bar down" d={shapes().down} />
    </svg>
  );
};
