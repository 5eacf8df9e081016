import { type CheckRow, listCheckRows, type WantedChecks } from '../../db/checks/checkRows.ts';
import { openMonitorSettings } from '../../db/monitors/monitorSecrets.ts';
import { openToken } from '../../db/teams/checkToken.ts';
import type { RedirectDomains } from '../../domain/checks/redirects.ts';
import { type Region, regionBit } from '../../domain/checks/region.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { type AnySettings, completeSettings, definitionOf } from '../kinds/kind.ts';
import type { Target } from '../kinds/probe.ts';
import type { Check } from './batch.ts';

/** The present checks of these monitors, without deleted monitors and unreadable rows. */
export const loadChecks = async (services: Services, wanted: WantedChecks): Promise<Check[]> => {
  const rows = await listCheckRows(services.d1, wanted);
  const now = services.now();
  const checks = await Promise.all(rows.map((row) => toCheck(services, row, wanted.region, now)));
  return checks.filter((check) => check !== null);
};

/** Null where the monitor's secrets cannot be decrypted: the rest of its cohort, of any team, is checked all the same. */
const toCheck = async (services: Services, row: CheckRow, region: Region, now: number): Promise<Check | null> => {
  const target = await targetOf(services, row).catch((error: unknown) => {
    logFailure('batch', 'none', error, { monitorId: row.id, region });
    return null;
  });
  if (!target) return null;
  return {
    monitor: row.number,
    monitorId: row.id,
    teamId: row.team_id,
    target,
    timeoutMs: row.timeout_ms,
    redirectDomains: JSON.parse(row.redirect_domains ?? '{}') as RedirectDomains,
    stretch: row.stretch,
    degradedAboveMs: row.degraded_above_ms,
    changedAt: row.changed_at,
    known: {
      health: row.health ?? 'unknown',
      suspect: row.suspect === 1,
      isNew: row.health === null,
      slow: (row.slow_regions & regionBit(region)) !== 0,
    },
    lastMs: row.last_ms,
    watched: row.watched_until > now,
  };
};

/** With decrypted secrets, and the team's token where it is sent. */
const targetOf = async (services: Services, row: CheckRow): Promise<Target> => {
  const { token } = definitionOf(row.kind);
  const stored = completeSettings(row.kind, JSON.parse(row.settings) as AnySettings);
  const settings = await openMonitorSettings(services, { ...row, settings: stored });
  const sent =
    row.check_token !== null && token?.isSent(settings)
      ? token.add(settings, await openToken(services, row.team_id, row.check_token))
      : settings;
  return { kind: row.kind, ...sent } as Target;
};
