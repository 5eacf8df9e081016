import { inject } from 'vitest';
import { probe } from '../../../worker/checks/kinds/kind.ts';
import type { HttpTarget, ProbeRequest } from '../../../worker/checks/kinds/probe.ts';
import type { Reason } from '../../../worker/domain/checks/outcome.ts';

export type Change = Partial<HttpTarget> & Partial<Omit<ProbeRequest, 'target'>>;

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
      url: url.startsWith('/') ? inject('target') + url : url,
      method: 'GET',
      headers: {},
      body: null,
      expectedStatus: '200-399',
      maxRedirects: 5,
      bodyContains: null,
      bodyNotContains: null,
      ...change,
    },
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
