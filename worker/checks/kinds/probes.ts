import type { definitions } from './definitions.ts';
import { probeHttp } from './http/probe.ts';
import type { Kind } from './kind.ts';
import type { Probe, Target } from './probe.ts';

/** Nothing is probed for a passive kind. */
type Probed = { [K in Kind]: (typeof definitions)[K] extends { isPassive: true } ? never : K }[Kind];

/** One line for each kind that is probed. Apart from the definitions, because the dashboard imports those. */
export const probes: { readonly [K in Probed]: Probe<Extract<Target, { kind: K }>> } = {
  http: probeHttp,
};
