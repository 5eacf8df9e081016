import { createMemo } from 'solid-js';
import type { RecentCheck } from '../../../../worker/domain/checks/recentChecks.ts';
import { latency } from '../../lib/format.ts';
import { failed } from '../verdicts/verdictText.ts';

const bars = 30;
const step = 6;
const height = 28;

/** One bar: its height is the latency against the slowest of those shown; a failure is a full bar under a gap. */
const barPath = (x: number, size: number) => `M${x} ${height}v${-size.toFixed(1)}`;

/** The latest checks, oldest left. Failures differ from passes by shape (full height, capped by a dot) and by colour. */
export const Sparkline = (props: { checks: readonly RecentCheck[] }) => {
  const shapes = createMemo(() => {
    const checks = props.checks.slice(-bars);
    const slowest = Math.max(1, ...checks.filter((check) => !failed(check)).map((check) => check.latencyMs));
    const paths = { up: '', degraded: '', down: '', unknown: '' };
    checks.forEach((check, i) => {
      const x = (bars - checks.length + i) * step + step / 2;
      if (failed(check)) paths.down += `${barPath(x, height - 7)}M${x} 2.500v0`;
      else paths[check.outcome] += barPath(x, 4 + (height - 6) * Math.sqrt(check.latencyMs / slowest) * 0.9);
    });
    return paths;
  });
  const label = () => {
    const count = Math.min(bars, props.checks.length);
    const failures = props.checks.slice(-bars).filter(failed).length;
    const last = props.checks.at(-1);
    if (!last) return 'No checks yet';
    const words = failures === 0 ? 'none failed' : `${failures} failed`;
    const answer = last.answered ? `last response after ${latency(last.latencyMs)}` : 'no response to the last';
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
