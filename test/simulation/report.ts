import { type Replayed, replay } from './replay.ts';
import type { Scenario } from './scenario.ts';

/** The report of Pharos, in whole seconds from the scenario's start. */
export interface Report {
  name: string;
  verdicts: { at: number; verdict: string; regions?: string[] }[];
  incidents: { startedAt: number; detectedAt: number; resolvedAt: number | null; endedAt: number | null }[];
  alerts: { at: number; event: string }[];
  seconds: Record<'up' | 'degraded' | 'down' | 'unknown' | 'maintenance', number>;
  uptimePercent: number | null;
  probes: number;
  objectCalls: number;
}

export const simulate = (scenario: Scenario): Report => {
  const replayed = replay(scenario);
  const { effects, base, uptimePercent, probes, objectCalls } = replayed;
  const at = (ms: number) => Math.floor((ms - base) / 1000);
  return {
    name: scenario.name,
    verdicts: effects.flatMap((effect) =>
      effect.type === 'verdict'
        ? {
            at: at(effect.at),
            verdict: effect.to,
            ...(effect.to === 'down' ? { regions: effect.evidence.map(({ region }) => region) } : {}),
          }
        : [],
    ),
    incidents: incidentsOf(replayed, at),
    alerts: effects.flatMap((effect) => (effect.type === 'alert' ? { at: at(effect.at), event: effect.event } : [])),
    seconds: wholeSeconds(replayed, scenario.durationSeconds),
    uptimePercent,
    probes,
    objectCalls,
  };
};

const incidentsOf = ({ effects }: Replayed, at: (ms: number) => number): Report['incidents'] => {
  const incidents: Report['incidents'] = [];
  for (const effect of effects) {
    if (effect.type !== 'outage') continue;
    const last = incidents.at(-1);
    if (effect.change === 'opened')
      incidents.push({ startedAt: at(effect.since), detectedAt: at(effect.at), resolvedAt: null, endedAt: null });
    else if (last) Object.assign(last, { resolvedAt: at(effect.at), endedAt: at(effect.since) });
  }
  return incidents;
};

const states = ['up', 'degraded', 'down', 'unknown', 'maintenance'] as const;

/** Rounded so that they still add up: the seconds that rounding down left over go to the largest fractions. */
const wholeSeconds = ({ ms }: Replayed, durationSeconds: number): Report['seconds'] => {
  const whole = states.map((state) => ({
    state,
    seconds: Math.floor(ms[state] / 1000),
    fraction: ms[state] % 1000,
  }));
  const left = durationSeconds - whole.reduce((sum, { seconds }) => sum + seconds, 0);
  const byFraction = whole.toSorted((a, b) => b.fraction - a.fraction);
  for (const one of byFraction.slice(0, left)) one.seconds++;
  return Object.fromEntries(whole.map(({ state, seconds }) => [state, seconds])) as Report['seconds'];
};
