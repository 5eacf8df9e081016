import { type KindReason, kindReasons } from '../../checks/kinds/kind.ts';
import { commonReasons, type ReasonTexts } from './commonReasons.ts';

/**
 * Why an outcome is what it is; `ok` goes with `up` and `slow` with `degraded`.
 * `unsupported` and `internal` go with `unknown`: Cloudflare cannot reach such a target at all, or Pharos or Cloudflare
 * failed, and neither is an outage of it. So does `limited`, where a redirect leads to a domain that is asked too often by
 * now (checks/pipeline/redirects.ts), and `challenged`, unless the monitor's owner chose that it goes with `down`.
 */
export type Reason = keyof typeof commonReasons | KindReason;

const texts: Readonly<Record<string, ReasonTexts>> = { ...commonReasons, ...kindReasons() };

export const reasons = Object.keys(texts) as [Reason, ...Reason[]];

export const textsOf = (reason: Reason): ReasonTexts => texts[reason] ?? commonReasons.error;
