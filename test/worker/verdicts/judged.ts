import { env } from 'cloudflare:workers';
import type { Health } from '../../../worker/domain/checks/outcome.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { outcomeOf } from '../../outcome.ts';
import { type Seeded, services } from '../support/seed.ts';

/** The monitor at `index` of what was seeded, as objects name it. */
export const refOf = (seeded: Seeded, index = 0) => ({
  ...(seeded.monitors[index] as { id: string; number: number }),
  teamId: seeded.teamId,
});

/** Sends the monitor's object a current outcome. */
export const say = (seeded: Seeded, index: number, health: Health, region: Region = 'weur') =>
  services
    .monitor(refOf(seeded, index).id)
    .observe(refOf(seeded, index), outcomeOf(region, newer(), health), 0, 'run_test');

let last = 0;
/** Two outcomes of one millisecond would be one. */
const newer = () => {
  last = Math.max(last + 1, Date.now());
  return last;
};

export const depend = (seeded: Seeded, monitor: number, dependsOn: number) =>
  env.DB.prepare('INSERT INTO monitor_dependencies (monitor, depends_on) VALUES (?, ?)')
    .bind(refOf(seeded, monitor).number, refOf(seeded, dependsOn).number)
    .run();

export const verdictOf = (seeded: Seeded, index = 0) =>
  env.DB.prepare('SELECT verdict FROM monitors WHERE id = ?').bind(refOf(seeded, index).id).first<string>('verdict');

export interface TimelineRow {
  incident: string;
  kind: string;
  key: string;
  detail: Record<string, unknown>;
}

/** All events of the monitor's incidents, oldest first. */
export const timelineOf = async (seeded: Seeded, index = 0): Promise<TimelineRow[]> => {
  const { results } = await env.DB.prepare(
    `SELECT e.incident, e.kind, e.key, e.detail FROM incident_events AS e JOIN incidents AS i ON i.id = e.incident
     WHERE i.monitor = ? ORDER BY e.at, e.kind, e.key`,
  )
    .bind(refOf(seeded, index).number)
    .all<Omit<TimelineRow, 'detail'> & { detail: string }>();
  return results.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
};

/** The notified and suppressed alerts, in order: `alert down`, `suppressed down`. */
export const notificationsOf = async (seeded: Seeded, index = 0) =>
  (await timelineOf(seeded, index))
    .filter(({ kind }) => kind === 'alert' || kind === 'suppressed')
    .map(({ kind, key }) => `${kind} ${key}`);
