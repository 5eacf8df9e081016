import type { Outcome } from '../../worker/domain/checks/outcome.ts';
import type { Reason } from '../../worker/domain/checks/reasons.ts';
import type { Region } from '../../worker/domain/checks/region.ts';
import type { Clock } from './clock.ts';
import { faultsAt, type Scenario } from './scenario.ts';

/** The true state of the target and of the network, and the effect on outcomes. */

/** The truth at `at` (s); where spans overlap, the worst counts. */
const truthAt = ({ target }: Scenario, at: number) => {
  const now = target.filter(({ from, to }) => from <= at && at < to);
  return now.find((t) => t.is === 'down') ?? now.find((t) => t.is === 'hang') ?? now.find((t) => t.is === 'slow');
};

interface Answer {
  health: Outcome['health'];
  reason: Reason;
  status: number | null;
  latencyMs: number;
}

/** The state that a probe meets that begins at `at` (s) from `region`. */
export const meet = (scenario: Scenario, region: Region, at: number, random: () => number): Answer => {
  const { timeoutMs, degradedAboveMs } = scenario.monitor;
  const spread = 0.8 + 0.4 * random();
  const latencyMs = Math.round(scenario.latencyMs * spread);
  const failed = (reason: Reason, status: number | null, after: number): Answer =>
    after >= timeoutMs
      ? { health: 'down', reason: 'timeout', status: null, latencyMs: timeoutMs }
      : { health: 'down', reason, status, latencyMs: after };
  const truth = truthAt(scenario, at);
  if (faultsAt(scenario, 'unreachable', region, at).length > 0) return failed('unreachable', null, latencyMs);
  if (truth?.is === 'down') return failed('status', 503, latencyMs);
  if (truth?.is === 'hang') return failed('timeout', null, timeoutMs);
  const took = truth?.is === 'slow' ? truth.latencyMs : latencyMs;
  if (took >= timeoutMs) return failed('timeout', null, timeoutMs);
  return degradedAboveMs !== null && took > degradedAboveMs
    ? { health: 'degraded', reason: 'slow', status: 200, latencyMs: took }
    : { health: 'up', reason: 'ok', status: 200, latencyMs: took };
};

/** Carries what arrives now through the faults of the time; `deliver` is called once, twice, later, or never. */
export const createReturn = (scenario: Scenario, clock: Clock, base: number) => {
  const held = new Map<Region, () => void>();
  const secondsNow = () => (clock.now - base) / 1000;
  const unlessStale = (region: Region, deliver: () => void) => () => {
    if (faultsAt(scenario, 'silent', region, secondsNow()).length === 0) deliver();
  };
  const release = (region: Region, own: () => void) => {
    if (held.get(region) !== own) return;
    held.delete(region);
    own();
  };
  return (region: Region, deliver: () => void): void => {
    const at = secondsNow();
    const arrive = unlessStale(region, deliver);
    if (faultsAt(scenario, 'silent', region, at).length > 0) return;
    const [late] = faultsAt(scenario, 'late', region, at);
    if (late) {
      clock.at(clock.now + late.delaySeconds * 1000, arrive);
      return;
    }
    if (faultsAt(scenario, 'duplicated', region, at).length > 0) clock.at(clock.now + 1_000, arrive);
    const first = held.get(region);
    const [reordered] = faultsAt(scenario, 'reordered', region, at);
    if (reordered && !first) {
      held.set(region, arrive);
      clock.at(base + reordered.to * 1000, () => release(region, arrive));
      return;
    }
    arrive();
    if (first) release(region, first);
  };
};
