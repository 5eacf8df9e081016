import { type Policy, policyOf } from '../domain/monitor.ts';
import type { Region } from '../domain/region.ts';

/** A monitor's names: `id` in API and objects, `number` in ticks and messages. */
export interface MonitorRef {
  id: string;
  number: number;
  teamId: string;
}

/** What a monitor's row says about how it is judged. */
export interface MonitorSettings {
  regions: Region[];
  intervalSeconds: number;
  timeoutMs: number;
}

export const settingsOf = (row: {
  regions: string;
  interval_seconds: number;
  timeout_ms: number;
}): MonitorSettings => ({
  regions: JSON.parse(row.regions) as Region[],
  intervalSeconds: row.interval_seconds,
  timeoutMs: row.timeout_ms,
});

export const policyFrom = ({ regions, intervalSeconds, timeoutMs }: MonitorSettings): Policy =>
  policyOf(regions, { intervalMs: intervalSeconds * 1000, timeoutMs });
