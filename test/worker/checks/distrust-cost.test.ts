import { env } from 'cloudflare:workers';
import { beforeAll, expect, inject, test } from 'vitest';
import { reviewRegions } from '../../../worker/checks/regions/distrust.ts';
import { isOnlyTeam } from '../../../worker/db/checks/regionViews.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { countStatements } from '../database/statements.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';

/** A team can let its monitors fail in one region as often as it likes, so what a review reads must not grow with others. */

const three: Region[] = ['enam', 'weur', 'apac'];
const begun = Date.now();

const store = ({ cohort, monitors }: Seeded, region: Region, at: number, health: 'up' | 'down' = 'up') =>
  env.DB.prepare("INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, 'normal', ?)").bind(
    ...[cohort, at, region],
    packTicks(monitors.map(({ number }) => ({ monitor: number, outcome: outcomeOf(region, at, health) }))),
  );

const addHealthy = async (teams: number) => {
  for (let team = 0; team < teams; team++) {
    const urls = Array.from({ length: 100 }, (_, n) => `https://healthy-${team}-${n}.example/`);
    const seeded = await seedCohort({ urls, regions: three, createdAt: begun - 3_600_000 });
    await env.DB.batch(
      three.flatMap((region) => [begun - 40_000, begun - 10_000].map((at) => store(seeded, region, at))),
    );
  }
};

beforeAll(async () => {
  await addHealthy(1);
  const urls = ['https://one.example/', 'https://two.example/', 'https://three.example/'];
  const attacker = await seedCohort({ urls, regions: three });
  await env.DB.batch([
    ...three.map((region) => store(attacker, region, begun - 30_000, region === 'apac' ? 'down' : 'up')),
    ...three.map((region) => store(attacker, region, begun - 5_000, region === 'apac' ? 'down' : 'up')),
  ]);
});

const rowsOfReview = async () => {
  const referenceTargets = [1, 2, 3].map((i) => `${inject('target')}/status/204?reference=${i}`);
  const { services: counted, seen } = countStatements({
    ...services,
    config: { ...services.config, referenceTargets },
  });
  await reviewRegions(counted, 'apac', 'run_test');
  return seen.reduce((sum, { rowsRead }) => sum + rowsRead, 0);
};

test('a team whose monitors fail in one region makes no review read what other teams watch', async () => {
  const few = await rowsOfReview();
  await addHealthy(4);
  const many = await rowsOfReview();
  expect(many - few).toBeLessThan(100);
});

test('a second team is found without reading all monitors', async () => {
  const { services: counted, seen } = countStatements(services);
  expect(await isOnlyTeam(counted.d1)).toBe(false);
  // Those of the first team, and the first of another.
  expect(seen[0]?.rowsRead).toBeLessThan(2 * 101 + 5);
  await env.DB.exec('DELETE FROM tick_batches');
  await env.DB.exec('UPDATE monitors SET cohort = NULL WHERE team_id <> (SELECT min(team_id) FROM monitors)');
  expect(await isOnlyTeam(env.DB)).toBe(true);
});
