import { probeHttp } from './http/http.ts';
import type { Probe, ProbeRequest, ProbeResult, Target } from './probe.ts';

const probes: { [Kind in Target['kind']]: Probe<Extract<Target, { kind: Kind }>> } = {
  http: probeHttp,
};

/** Never throws: a failing target is a result. */
export const probe = (request: ProbeRequest): Promise<ProbeResult> => probes[request.target.kind](request);
