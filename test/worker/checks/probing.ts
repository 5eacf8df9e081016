import { inject } from 'vitest';
import { http } from '../../../worker/checks/kinds/http/definition.ts';
import type { HttpTarget, ProbeRequest } from '../../../worker/checks/kinds/probe.ts';
import { probe } from '../../../worker/checks/kinds/probeTarget.ts';
import type { Reason } from '../../../worker/domain/checks/reasons.ts';

/** The method may be one that the API refuses. */
export type Change = Partial<Omit<HttpTarget, 'method'>> & { method?: string } & Partial<Omit<ProbeRequest, 'target'>>;

export const defaultTimeoutMs = 5_000;

/** Probes a path of the target server, or an address, as a monitor with default settings would. */
export const look = (
  url: string,
  {
    timeoutMs,
    degradedAboveMs,
    allowPrivateTargets,
    keepAnswer,
    identity,
    localRuntime,
    mayFollow,
    ...change
  }: Change = {},
) =>
  probe({
    target: {
      kind: 'http',
      ...http.defaults,
      url: url.startsWith('/') ? inject('target') + url : url,
      ...change,
    } as HttpTarget,
    timeoutMs: timeoutMs ?? defaultTimeoutMs,
    degradedAboveMs: degradedAboveMs ?? null,
    allowPrivateTargets: allowPrivateTargets ?? true,
    keepAnswer: keepAnswer ?? false,
    localRuntime: localRuntime ?? true,
    ...(identity && { identity }),
    ...(mayFollow && { mayFollow }),
  });

export const up = (status = 200) => ({ health: 'up', reason: 'ok', status });
export const down = (reason: Reason, status: number | null = null) => ({ health: 'down', reason, status });
