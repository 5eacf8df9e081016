import { env } from 'cloudflare:workers';
import { beforeAll, expect, test } from 'vitest';
import { sweepDeliveries } from '../../../worker/alerts/outbox/sweep.ts';
import { sweepChannels } from '../../../worker/alerts/outbox/sweepChannels.ts';
import { dispatchMinute } from '../../../worker/checks/dispatch/dispatch.ts';
import { sweepStaleRegions } from '../../../worker/checks/regions/staleRegions.ts';
import { countFailingChannels, notifyWorking } from '../../../worker/db/channels/failingChannels.ts';
import { deleteSubscription } from '../../../worker/db/channels/subscriptions.ts';
import {
  fillDomains,
  forgetRegularLoads,
  isCrowded,
  listDomainLoads,
  listMonitorsOf,
  placeMonitors,
} from '../../../worker/db/checks/domainLoads.ts';
import { learnRedirect } from '../../../worker/db/checks/redirects.ts';
import { countUnconfirmed } from '../../../worker/db/deliveries/attempts.ts';
import { listDigests } from '../../../worker/db/deliveries/digests.ts';
import { listOpenDeliveries } from '../../../worker/db/deliveries/outbox.ts';
import { countOverdue } from '../../../worker/db/deliveries/overdue.ts';
import { endRests, listPartial, listRests } from '../../../worker/db/deliveries/rests.ts';
import { readLinkedDelivery } from '../../../worker/db/incidents/acknowledgeLinks.ts';
import { fillSearchText } from '../../../worker/db/monitors/fillSearchText.ts';
import { countMonitors } from '../../../worker/db/monitors/monitorCounts.ts';
import { listMonitors } from '../../../worker/db/monitors/monitors.ts';
import { dropOldRecords } from '../../../worker/operations/retention.ts';
import { signUp } from '../support/client.ts';
import { services } from '../support/seed.ts';
import { type Statement, watchDatabase } from '../verdicts/steps.ts';

const ofDigest = { teamId: 'team_x', limit: 5, digest: 1, stale: [], heldBy: [] };
const loads = { above: 1, monitorsAbove: 5 };

let seen: Statement[] = [];
let database: ReturnType<typeof watchDatabase>;
let owner: Awaited<ReturnType<typeof signUp>>;

beforeAll(async () => {
  owner = await signUp();
  database = watchDatabase(
    (statement, run) => {
      seen.push(statement);
      return run();
    },
    { drizzleReads: true },
  );
});

/** How SQLite reads the tables in the statements of `run` that mention `about`. */
const plansOf = async (run: () => Promise<unknown>, about: RegExp): Promise<string[]> => {
  seen = [];
  await run();
  const asked = seen.filter(({ query }) => about.test(query));
  expect(asked).not.toEqual([]);
  const plans = await Promise.all(
    asked.map(({ query, values }) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${query}`)
        .bind(...values)
        .all<{ detail: string }>(),
    ),
  );
  return plans.flatMap(({ results }) => results.map(({ detail }) => detail));
};

test.for<[name: string, run: () => Promise<unknown>, about: RegExp, index: RegExp]>([
  ['digests of a channel', () => listDigests(env.DB, 'c', 1), /tried_at AS triedAt/, /deliveries_digests/],
  ['a digest by its id', () => owner.get('/api/v1/digests/dig_x:1'), /AS alerts/, /deliveries_id/],
  ['members of a digest', () => listMonitors(services.db, ofDigest), /"digest" = /, /deliveries_digest/],
  [
    'monitors of a digest',
    () => listMonitors(services.db, ofDigest),
    /"digest" = /,
    /monitors USING INTEGER PRIMARY KEY/,
  ],
  [
    'counts of a digest',
    () => countMonitors(services.db, ofDigest),
    /"digest" = /,
    /monitors USING INTEGER PRIMARY KEY/,
  ],
  ['the carrier of a link', () => readLinkedDelivery(env.DB, 1), /AS incidentId/, /INTEGER PRIMARY KEY \(rowid=/],
  ['what a channel has to send', () => listOpenDeliveries(env.DB, 'c', 9), /WITH open/, /deliveries_open/],
  ['deliveries that are overdue', () => countOverdue(env.DB, 1), /held_until/, /deliveries_due/],
  ['channels to wake', () => sweepDeliveries(services), /DISTINCT/, /deliveries_due/],
  ['channels to wake for some recipients', () => sweepDeliveries(services), /DISTINCT/, /deliveries_rest_due/],
  [
    'what some recipients are still to get',
    () => listRests(env.DB, 'chn_x'),
    /rest_due_at AS dueAt/,
    /deliveries_rest/,
  ],
  [
    'the messages of a story that missed recipients',
    () => listPartial(env.DB, 'chn_x', { dedupKey: 's', number: 9 }),
    /SELECT DISTINCT number/,
    /deliveries_dedup_key \(dedup_key=\? AND channel=\? AND number<\?\)/,
  ],
  ['the rests of a channel that is gone', () => endRests(env.DB, 'chn_x'), /SET rest_due_at = NULL/, /deliveries_rest/],
  ['stories of deleted channels', () => dropOldRecords(services), /dedup_keys/, /deliveries_dedup_key/],
  ['channels that report others', () => notifyWorking(env.DB, [], []), /through/, /channels_1 \(id=/],
  [
    'channels that keep failing',
    () => countFailingChannels(env.DB),
    /failure_notified_at/,
    /channels_failure_notified/,
  ],
  ['channels to report', () => sweepChannels(services), /row_number/, /channels_failing/],
  [
    'channels that work again',
    () => sweepChannels(services),
    /json_group_array\(channel\)/,
    /channels_failure_notified/,
  ],
  ['deliveries to delete', () => dropOldRecords(services), /DELETE FROM delivery_attempts/, /deliveries_settled/],
  ['a subscription to delete', () => deleteSubscription(env.DB, 'c', 1).run(), /json_set/, /channels USING .* \(id=/],
  ['unconfirmed attempts', () => countUnconfirmed(env.DB, 1, 0), /BETWEEN/, /delivery_attempts USING PRIMARY KEY/],
  ['the worst monitors of a team', () => owner.get('/api/v1/monitors'), /order by .*urgency/, /monitors_urgency/],
  ['what is down', () => owner.get('/api/v1/monitors?verdict=down'), /order by .*urgency/, /monitors_urgency/],
  ['what domains are asked', () => listDomainLoads(env.DB, loads), /WITH redirected/, /COVERING INDEX monitors_domain/],
  [
    'the monitors of a busy domain',
    () => listDomainLoads(env.DB, loads),
    /WITH redirected/,
    /COVERING INDEX monitors_domain \(domain=/,
  ],
  ['whose targets redirect', () => listDomainLoads(env.DB, loads), /WITH redirected/, /INDEX monitors_redirected/],
  ['the monitors to plan', () => listMonitorsOf(env.DB, ['d']), /WITH named/, /INDEX monitors_domain \(domain=/],
  ['monitors to place', () => placeMonitors(env.DB, [], 1), /stretched_at/, /INTEGER PRIMARY KEY \(rowid=/],
  [
    'who learns a redirect',
    () => learnRedirect(env.DB, 1, {}, {}),
    /redirect_domains =/,
    /INTEGER PRIMARY KEY \(rowid=/,
  ],
  ['whether a domain is crowded', () => isCrowded(env.DB, 'd', 15), /LIMIT/, /COVERING INDEX monitors_domain/],
  ['monitors with a place', () => dispatchMinute(services, 60_000), /m.place IS NOT NULL/, /monitors_placed/],
  ['domains without a load', () => forgetRegularLoads(env.DB, []), /regular_per_hour/, /domain_turns_regular/],
  ['monitors without a domain', () => fillDomains(services.db), /domain/, /monitors_without_domain/],
  ['monitors without a text to search', () => fillSearchText(services), /search_text/, /monitors_unsearchable/],
  [
    'deliveries in a state',
    () => owner.get('/api/v1/deliveries?state=failed&limit=5'),
    /FROM deliveries AS d/,
    /deliveries_state/,
  ],
  [
    'deliveries of an incident',
    () => owner.get('/api/v1/deliveries?incidentId=i'),
    /FROM deliveries AS d/,
    /deliveries_incident/,
  ],
  [
    'deliveries of a monitor',
    () => owner.get('/api/v1/deliveries?monitorId=m'),
    /FROM deliveries AS d/,
    /deliveries_monitor/,
  ],
  [
    'deliveries of a channel',
    () => owner.get('/api/v1/deliveries?channelId=c'),
    /FROM deliveries AS d/,
    /deliveries_channel/,
  ],
])('%s are found by an index, without reading the whole table', async ([, run, about, index]) => {
  const plan = await plansOf(run, about);
  expect(plan).toContainEqual(expect.stringMatching(index));
  const whole = /^SCAN (deliveries|d|monitors|delivery_attempts|channels|c|other)\b/;
  expect(
    plan.filter(
      (line) =>
        whole.test(line) && !/channels_failing|monitors_(unsearchable|without_domain|redirected|placed)/.test(line),
    ),
  ).toEqual([]);
});

test('how much cohorts are stretched is read from an index alone', async () => {
  expect(await plansOf(() => sweepStaleRegions(services), /max\(stretch\)/)).toContainEqual(
    expect.stringMatching(/SEARCH monitors USING COVERING INDEX monitors_cohort \(cohort=/),
  );
});
