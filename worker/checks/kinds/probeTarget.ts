import type { Answer } from '../../domain/checks/answer.ts';
import { maskEvidence } from './evidence.ts';
import type { Finding, ProbeRequest } from './probe.ts';
import { probes } from './probes.ts';

export type ProbeResult = Omit<Finding, 'evidence'> & { answer?: Answer };

/** Never throws where the target fails: that is a result. Evidence comes without the monitor's secrets. */
export const probe = async (request: ProbeRequest): Promise<ProbeResult> => {
  const { evidence, ...result } = await probes[request.target.kind](request);
  return evidence ? { ...result, answer: maskEvidence(request.target, evidence) } : result;
};
