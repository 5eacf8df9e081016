import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { readIncidentDetail } from '../../../worker/commands/incidents/incidentView.ts';
import { type Decision, writeDecision } from '../../../worker/db/decisions/decisions.ts';
import type { TimelineEvent } from '../../../worker/db/decisions/timelineEvents.ts';
import { withDefaults } from '../../../worker/domain/teams/limits.ts';
import { policyOf } from '../../../worker/domain/verdict/checkPolicy.ts';
import { explain } from '../../../worker/domain/verdict/machine.ts';
import { initialState } from '../../../worker/domain/verdict/state.ts';
import { newId } from '../../../worker/ids.ts';
import { outcomeOf } from '../../outcome.ts';
import { seedCohort, services } from '../support/seed.ts';

const seed = async () => {
  const { teamId, monitors } = await seedCohort({ urls: ['http://127.0.0.1:9/'] });
  const monitor = monitors[0]?.number ?? 0;
  let at = Date.now();
  const seen = () => outcomeOf('weur', at, 'down', { reason: 'status', status: 503, dataCentre: 'AMS' });
  const write = async (timelineEvents: TimelineEvent[], times = 1) => {
    const decision: Decision = {
      ...{ monitor, teamId, revision: ++at, verdict: 'down', verdictSince: at, regionHealth: {} },
      ...{ suspect: false, flapping: false, timelineEvents, deliveries: [] },
    };
    for (let time = 0; time < times; time++)
      await writeDecision(env.DB, decision, Date.now(), { limits: withDefaults({ statusChangesPerDay: 3 }) });
  };
  const turned = (to: 'up' | 'down'): TimelineEvent => ({
    ...{ type: 'verdict', from: 'up', to, since: ++at, at, evidence: [seen()] },
    explanation: explain(initialState, policyOf(['weur']), at),
  });
  /** An outage, which a further region joins; each written twice. */
  const outage = async () => {
    const incidentId = newId('inc');
    const fact = (change: 'opened' | 'closed'): TimelineEvent => ({
      ...{ type: 'outage', change, since: at, at, evidence: change === 'opened' ? [seen()] : [], incidentId },
    });
    await write([turned('down'), fact('opened')], 2);
    at += 10;
    await write([{ type: 'joined', at, evidence: { ...seen(), region: 'enam' }, incidentId }], 2);
    await write([turned('up'), fact('closed')], 2);
    const { timeline, evidence } = await readIncidentDetail(services, { teamId, id: incidentId });
    return { kinds: timeline.map(({ kind }) => kind), evidence: evidence.length };
  };
  const history = async () =>
    (
      await env.DB.prepare(
        'SELECT verdict, explanation IS NOT NULL AS explained FROM verdict_changes WHERE monitor = ? AND at > ? ORDER BY at',
      )
        .bind(monitor, Date.now() - 5_000)
        .all<{ verdict: string; explained: 0 | 1 }>()
    ).results.map(({ verdict, explained }) => `${verdict} ${explained}`);
  const used = () =>
    env.DB.prepare("SELECT used FROM team_allowances WHERE team_id = ? AND name = 'statusChangesPerDay'")
      .bind(teamId)
      .first('used');
  return { outage, history, used };
};

test('beyond the status changes of a day, outages are kept, and what regions saw is not', async () => {
  const { outage, history, used } = await seed();
  expect(await outage()).toEqual({
    kinds: ['failed', 'evidence', 'confirmed', 'evidence', 'recovered'],
    evidence: 1,
  });
  // Written twice, and counted once: two verdicts and a region that joined.
  expect(await used()).toBe(3);
  expect(await outage()).toEqual({ kinds: ['failed', 'confirmed', 'recovered'], evidence: 0 });
  expect(await history()).toEqual(['down 1', 'up 1', 'down 0', 'up 0']);
});
