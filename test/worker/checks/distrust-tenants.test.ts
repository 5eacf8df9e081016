import { env } from 'cloudflare:workers';
import { beforeEach, expect, inject, test } from 'vitest';
import type { Batch, CheckResult } from '../../../worker/checks/pipeline/batch.ts';
import { noteFailures } from '../../../worker/checks/pipeline/failures.ts';
import { reviewRegions, sweepDistrust } from '../../../worker/checks/regions/distrust.ts';
import { parseConfig } from '../../../worker/config.ts';
import { claimReviews } from '../../../worker/db/checks/regionReviews.ts';
import type { Region } from '../../../worker/domain/checks/region.ts';
import type { Services } from '../../../worker/services.ts';
import { packTicks } from '../../../worker/ticks/format.ts';
import { outcomeOf } from '../../outcome.ts';
import { type Seeded, seedCohort, services } from '../support/seed.ts';
import { notificationsOf, say, verdictOf } from '../verdicts/judged.ts';

/** Teams are strangers: the monitors of one or several of them must not silence the others. */

const three: Region[] = ['enam', 'weur', 'apac'];

/** Read by the Probers of a local copy: every check from these regions fails. */
let broken: Region[] = [];

beforeEach(async () => {
  broken = [];
  const tables = ['region_distrusts', 'region_reviews', 'tick_batches', 'monitors', 'cohorts'];
  await env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
});

/**
 * Pharos with reference targets that really are asked. From a broken region they are asked at a port where nobody
 * listens, as if nothing could leave it.
 */
const pharosWith = (references: string[], signUp: Services['config']['signUp'] = { kind: 'open' }): Services => ({
  ...services,
  config: { ...services.config, referenceTargets: references, signUp },
  prober: (region, name) => {
    const prober = services.prober(region, name);
    if (name !== 'references' || !broken.includes(region)) return prober;
    const cutOff = async (asked: Region, urls: readonly string[]) =>
      prober.reach(
        asked,
        urls.map(() => 'http://127.0.0.1:9/'),
      );
    return { ...prober, reach: cutOff } as typeof prober;
  },
});

const referencesThat = (verb: string) => [1, 2, 3].map((i) => `${inject('target')}/${verb}?reference=${i}`);
const withReferences = pharosWith(referencesThat('status/204'));
const withoutNetwork = pharosWith(['http://127.0.0.1:9/1', 'http://127.0.0.1:9/2', 'http://127.0.0.1:9/3']);
const withNone = pharosWith([]);
/** The operator decides who has a team. */
const closed = pharosWith([], { kind: 'closed' });

/** Nobody can probe them, so that only what a test says counts. */
const urlsOf = (team: string, count: number) => Array.from({ length: count }, (_, i) => `ftp://${team}-${i}.example/`);

/** Ticks of the last minute: all monitors fail from one region, and pass from the others after that. */
const failFrom = async (seeded: Seeded, region: Region) => {
  const now = Date.now();
  await env.DB.prepare('DELETE FROM tick_batches WHERE cohort = ?').bind(seeded.cohort).run();
  const store = (from: Region, at: number, health: 'up' | 'down') => {
    const ticks = seeded.monitors.map(({ number }) => ({ monitor: number, outcome: outcomeOf(from, at, health) }));
    return env.DB.prepare(
      'INSERT OR REPLACE INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, ?, ?)',
    )
      .bind(seeded.cohort, at, from, 'normal', packTicks(ticks))
      .run();
  };
  for (const other of seeded.regions) await store(other, now - 25_000, other === region ? 'down' : 'up');
  for (const other of seeded.regions) if (other !== region) await store(other, now - 15_000, 'up');
};

const passFromAll = async (seeded: Seeded) => {
  await env.DB.prepare('DELETE FROM tick_batches WHERE cohort = ?').bind(seeded.cohort).run();
  const ticks = (region: Region) =>
    seeded.monitors.map(({ number }) => ({ monitor: number, outcome: outcomeOf(region, Date.now() - 5_000, 'up') }));
  for (const region of seeded.regions)
    await env.DB.prepare('INSERT INTO tick_batches (cohort, slot, region, lane, ticks) VALUES (?, ?, ?, ?, ?)')
      .bind(seeded.cohort, Date.now() - 5_000, region, 'normal', packTicks(ticks(region)))
      .run();
};

const distrusted = async () =>
  (
    await env.DB.prepare('SELECT region FROM region_distrusts WHERE until IS NULL ORDER BY since').all<{
      region: Region;
    }>()
  ).results.map(({ region }) => region);

const review = async (pharos: Services) => {
  for (const region of three) await reviewRegions(pharos, region, 'run_test');
  await sweepDistrust(pharos);
};

/** An outage of an unrelated team, as its object receives it. */
const outageOf = async (seeded: Seeded) => {
  for (const region of three) await say(seeded, 0, 'up', region);
  for (let i = 0; i < 2; i++) for (const region of three) await say(seeded, 0, 'down', region);
};

const honest = async (count = 1) => {
  const seeded = await Promise.all(
    Array.from({ length: count }, () =>
      seedCohort({ urls: urlsOf(`honest${crypto.randomUUID()}`, 1), regions: three }),
    ),
  );
  for (const one of seeded) await passFromAll(one);
  return seeded as [Seeded, ...Seeded[]];
};

const worlds = [
  ['references that answer', withReferences],
  ['references that answer from nowhere', withoutNetwork],
  ['no references', withNone],
  ['no references, sign-up closed', closed],
] as const;

test.each(worlds)('one account with 60 monitors per region silences nobody, with %s', async (_, pharos) => {
  const [victim] = await honest();
  const first = await seedCohort({ urls: urlsOf('attacker-enam', 60), regions: three });
  const { teamId } = first;
  const others = await Promise.all(
    ['weur', 'apac'].map((name) => seedCohort({ urls: urlsOf(`attacker-${name}`, 60), regions: three, teamId })),
  );
  for (const [index, seeded] of [first, ...others].entries()) {
    await failFrom(seeded, three[index] as Region);
    await review(pharos);
    expect(await distrusted()).toEqual([]);
  }
  await outageOf(victim);
  expect(await verdictOf(victim)).toBe('down');
  expect(await notificationsOf(victim)).toContain('alert down');
});

test.each(worlds)('one account whose monitors fail from one region after the other, with %s', async (_, pharos) => {
  const [victim] = await honest(2);
  const attacker = await seedCohort({ urls: urlsOf('in-turn', 60), regions: three });
  for (const region of three) {
    await failFrom(attacker, region);
    await review(pharos);
    expect(await distrusted()).toEqual([]);
  }
  await outageOf(victim);
  expect(await verdictOf(victim)).toBe('down');
});

const collude = async (count: number, region: Region, urls: (team: number) => string[]) => {
  for (let team = 0; team < count; team++)
    await failFrom(await seedCohort({ urls: urls(team), regions: three }), region);
};

test('references that answer decide about the region, however many teams collude', async () => {
  const [victim] = await honest(2);
  await collude(8, 'apac', (team) => urlsOf(`colluding-${team}`, 5));
  await review(withReferences);
  expect(await distrusted()).toEqual([]);
  await outageOf(victim);
  expect(await verdictOf(victim)).toBe('down');
});

test('where sign-up is closed and there are no references, half of the teams do not suffice, and more than half do', async () => {
  await honest(3);
  await collude(3, 'apac', (team) => urlsOf(`colluding-${team}`, 5));
  await review(closed);
  expect(await distrusted()).toEqual([]);
  await collude(1, 'apac', () => urlsOf('one-more', 5));
  await review(closed);
  expect(await distrusted()).toEqual(['apac']);
});

/** References without any answer are inconclusive, and no crowd may decide in their place. */
test.each([
  ['references that answer', withReferences],
  ['references that answer from nowhere', withoutNetwork],
  ['no references', withNone],
  [
    'no references, and sign-up for anybody with an address of a domain',
    pharosWith([], { kind: 'domains', domains: ['a.example'] }),
  ],
])('the owner of nearly all accounts distrusts no region, with %s', async (_, pharos) => {
  const [victim] = await honest();
  await collude(30, 'apac', (team) => urlsOf(`crowd-${team}`, 5));
  await review(pharos);
  expect(await distrusted()).toEqual([]);
  await outageOf(victim);
  expect(await verdictOf(victim)).toBe('down');
  expect(await notificationsOf(victim)).toContain('alert down');
});

test('a crowd of accounts that all watch from one region ends no distrust, and prevents none', async () => {
  broken = ['apac'];
  const crowd = async () => {
    for (let team = 0; team < 20; team++)
      await passFromAll(await seedCohort({ urls: urlsOf(`crowd-${team}`, 1), regions: ['oc'] }));
  };
  await crowd();
  for (const seeded of await honest(3)) await failFrom(seeded, 'apac');
  await review(withReferences);
  expect(await distrusted()).toEqual(['apac']);
  await crowd();
  await review(withReferences);
  expect(await distrusted()).toEqual(['apac']);
});

test('a crowd of accounts that watch from all regions does not raise how many can be distrusted of the usual ones', async () => {
  broken = ['apac', 'weur'];
  const everywhere: Region[] = ['wnam', 'enam', 'weur', 'eeur', 'apac', 'apac-ne', 'apac-se', 'oc'];
  for (let team = 0; team < 20; team++)
    await passFromAll(await seedCohort({ urls: urlsOf(`crowd-${team}`, 1), regions: everywhere }));
  for (const seeded of await honest(3)) await failFrom(seeded, 'apac');
  await review(withReferences);
  for (const seeded of await honest(3)) await failFrom(seeded, 'weur');
  await review(withReferences);
  expect(await distrusted()).toEqual(['apac']);
});

test('a distrust lasts while references are inconclusive, and ends ten minutes after its last proof', async () => {
  const at = Date.now();
  for (const seeded of await honest(3)) await passFromAll(seeded);
  await env.DB.prepare(
    "INSERT INTO region_distrusts (region, since, failing, monitors, proven_at) VALUES ('apac', 1, 3, 3, ?)",
  )
    .bind(at - 590_000)
    .run();
  await sweepDistrust({ ...withoutNetwork, now: () => at });
  expect(await distrusted()).toEqual(['apac']);
  await sweepDistrust({ ...withoutNetwork, now: () => at + 20_000 });
  expect(await distrusted()).toEqual([]);
});

test('the proof of a distrust is noted each minute', async () => {
  broken = ['apac'];
  for (const seeded of await honest(3)) await failFrom(seeded, 'apac');
  await review(withReferences);
  await env.DB.exec('UPDATE region_distrusts SET proven_at = 1');
  await sweepDistrust(withReferences);
  expect(await env.DB.prepare('SELECT proven_at FROM region_distrusts').first('proven_at')).toBeGreaterThan(1);
});

/** Other spellings of `a.example`, of 127.0.0.1 and of a name that is no ASCII. */
const spellings = [
  ...['https://A.EXAMPLE/', 'https://a.example./', 'https://a.example:8443/x', 'https://deep.sub.a.example/?q=/'],
  ...['http://a.example#fragment', 'http://a.example?query', 'https://user.a.example/'],
];
const addresses = [
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://127.1:8080/',
  'http://0177.0.0.1/',
];
const names = ['https://bücher.example/', 'https://xn--bcher-kva.example/', 'https://www.BÜCHER.example:444/'];

test.each([
  ['subdomains of one domain', Array.from({ length: 60 }, (_, i) => `https://${i}.attacker.example/`)],
  ['spellings of one name', spellings],
  ['spellings of one address', addresses],
  ['spellings of a name that is no ASCII', names],
])('%s are one witness, also of the only team', async (_, urls) => {
  await failFrom(await seedCohort({ urls, regions: three }), 'apac');
  await review(withNone);
  expect(await distrusted()).toEqual([]);
});

test('teams that all watch the same domain are one witness', async () => {
  await collude(9, 'apac', (team) => [1, 2, 3].map((i) => `https://${team}-${i}.shared.example/`));
  await review(withNone);
  expect(await distrusted()).toEqual([]);
});

test('a region that references show to be broken is distrusted, makes no false alarm, and votes again', async () => {
  broken = ['apac'];
  const teams = await honest(4);
  // Fewer than half: by themselves, and for a Pharos without references, these prove nothing.
  await honest(4);
  for (const seeded of teams) {
    await env.DB.prepare(`UPDATE monitors SET quorum = '"any"' WHERE cohort = ?`).bind(seeded.cohort).run();
    await failFrom(seeded, 'apac');
    for (const region of three) await say(seeded, 0, 'up', region);
  }
  await review(withReferences);
  expect(await distrusted()).toEqual(['apac']);
  const found = await env.DB.prepare('SELECT references_failing, reference_count FROM region_distrusts').first();
  expect(found).toEqual({ references_failing: 3, reference_count: 3 });
  for (const seeded of teams) for (let i = 0; i < 2; i++) await say(seeded, 0, 'down', 'apac');
  for (const seeded of teams) {
    expect(await verdictOf(seeded)).toBe('up');
    expect(await notificationsOf(seeded)).toEqual([]);
  }

  // No team can make it last: the monitors of all of them go on failing there.
  broken = [];
  await env.DB.exec('UPDATE region_reviews SET looked_at = 0');
  await sweepDistrust(withReferences);
  expect(await distrusted()).toEqual([]);
});

test('a distrust lasts while references go on failing, although all monitors pass', async () => {
  broken = ['apac'];
  const teams = await honest(3);
  for (const seeded of teams) await failFrom(seeded, 'apac');
  await review(withReferences);
  for (const seeded of teams) await passFromAll(seeded);
  await sweepDistrust(withReferences);
  expect(await distrusted()).toEqual(['apac']);
});

test('a distrust that the only team caused ends once another team watches and the region is sound', async () => {
  const attacker = await seedCohort({ urls: urlsOf('alone', 60), regions: three });
  await failFrom(attacker, 'apac');
  await review(withReferences);
  expect(await distrusted()).toEqual(['apac']);
  await honest();
  await sweepDistrust(withReferences);
  expect(await distrusted()).toEqual([]);
});

test.each([
  ['open', withNone],
  ['closed', closed],
])('without references it ends as well, although one team goes on failing, with sign-up %s', async (_, pharos) => {
  await honest(2);
  const attacker = await seedCohort({ urls: urlsOf('stubborn', 60), regions: three });
  await failFrom(attacker, 'apac');
  await env.DB.exec("INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('apac', 1, 60, 60)");
  await sweepDistrust(pharos);
  expect(await distrusted()).toEqual([]);
});

test('most of the usual regions are never distrusted at once, on any evidence', async () => {
  const [only] = await honest();
  for (const region of three) {
    const more = await seedCohort({ urls: urlsOf(`only-${region}`, 30), regions: three, teamId: only.teamId });
    await failFrom(more, region);
  }
  await collude(9, 'apac', (team) => urlsOf(`apac-${team}`, 3));
  await collude(12, 'weur', (team) => urlsOf(`weur-${team}`, 3));
  await env.DB.exec("INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('enam', 1, 60, 60)");
  await Promise.all(three.map((region) => reviewRegions(closed, region, 'run_test')));
  expect(await distrusted()).toEqual(['enam']);
});

test('of all eight regions three can be distrusted at once, and not four', async () => {
  await env.DB.exec(
    "INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('wnam', 1, 3, 3), ('eeur', 1, 3, 3)",
  );
  for (const region of ['apac-ne', 'oc'] as const) {
    for (let team = 0; team < 4; team++)
      await failFrom(
        await seedCohort({ urls: urlsOf(`${region}-${team}`, 3), regions: ['enam', 'weur', region] }),
        region,
      );
    await reviewRegions(closed, region, 'run_test');
  }
  expect((await distrusted()).sort()).toEqual(['apac-ne', 'eeur', 'wnam']);
});

test('of five regions two can be distrusted at once, and not three, also where reviews race', async () => {
  const regions: Region[] = ['wnam', 'enam', 'weur', 'eeur', 'apac'];
  const only = crypto.randomUUID();
  const first = await seedCohort({ urls: urlsOf(only, 1), regions });
  const failingRegions: Region[] = ['enam', 'weur', 'apac'];
  await env.DB.exec("INSERT INTO region_distrusts (region, since, failing, monitors) VALUES ('eeur', 1, 3, 3)");
  for (const region of failingRegions) {
    await failFrom(await seedCohort({ urls: urlsOf(region, 3), regions, teamId: first.teamId }), region);
    await env.DB.exec('DELETE FROM tick_batches WHERE cohort NOT IN (SELECT max(cohort) FROM tick_batches)');
    await Promise.all(Array.from({ length: 3 }, () => reviewRegions(withNone, region, 'run_test')));
  }
  expect(await distrusted()).toEqual(['eeur', 'enam']);
});

test('references are asked once for many reviews, and not in calm times', async () => {
  const key = crypto.randomUUID();
  const pharos = pharosWith([1, 2, 3].map((i) => `${inject('target')}/status/204?key=${key}-${i}`));
  const asked = async () => (await (await fetch(`${inject('target')}/requests?key=${key}-1`)).json<number[]>()).length;
  await honest(2);
  await review(pharos);
  expect(await asked()).toBe(0);
  await failFrom(await seedCohort({ urls: urlsOf('attacker', 60), regions: three }), 'apac');
  for (let i = 0; i < 5; i++) await reviewRegions(pharos, 'apac', 'run_test');
  // From the region itself and from three others.
  expect(await asked()).toBe(4);
});

const referencesFrom = (given: string | undefined) =>
  parseConfig({ ...env, REFERENCE_TARGETS: given } as unknown as Env).referenceTargets;

test('references are of large operators by default, and can be disabled', () => {
  expect(referencesFrom(undefined)).toHaveLength(5);
  expect(referencesFrom('none')).toEqual([]);
  expect(referencesFrom('')).toEqual([]);
  expect(referencesFrom('https://a.example, https://b.example/x https://c.example')).toEqual([
    'https://a.example/',
    'https://b.example/x',
    'https://c.example/',
  ]);
});

test.each([
  ['https://a.example', /at least 3 domains/],
  ['https://a.example,https://b.a.example,https://c.example', /two addresses of one domain/],
  ['https://a.example,nonsense,https://c.example', /"nonsense", which is not a web address/],
  ['https://a.example,https://me:secret@b.example,https://c.example', /not a web address/],
])('references that prove little are refused: %s', (given, problem) => {
  expect(() => referencesFrom(given)).toThrow(problem);
});

const batch: Batch = {
  correlationId: 'run_test',
  cohort: 1,
  intervalSeconds: 30,
  region: 'oc',
  slot: 0,
  lane: 'normal',
};
const failing = (monitor: number) =>
  ({ check: { monitor }, outcome: outcomeOf('oc', Date.now(), 'down') }) as unknown as CheckResult;

test('a flood of failures requests two reviews of the region, and not two for each three', async () => {
  const sent: unknown[] = [];
  const oc = services.queue('oc');
  const counting = {
    ...services,
    queue: () => ({ ...oc, sendBatch: async (messages: Iterable<unknown>) => void sent.push(...messages) }) as never,
  };
  for (let i = 0; i < 100; i++)
    await noteFailures(
      counting,
      batch,
      [1, 2, 3].map((n) => failing(i * 3 + n)),
    );
  expect(sent).toHaveLength(2);
});

test('a review follows every request soon, and there is never more than one in five seconds', async () => {
  const reviews: number[] = [];
  for (let at = 1_000_000; at < 1_060_000; at += 700) {
    reviews.push(...(await claimReviews(env.DB, 'oc', at)));
    const following = reviews.filter((review) => review >= at);
    expect(Math.min(...following) - at).toBeLessThan(5_000);
  }
  const gaps = reviews.slice(1).map((review, i) => review - (reviews[i] as number));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5_000);
  expect(await Promise.all(Array.from({ length: 9 }, () => claimReviews(env.DB, 'apac', 1_000)))).toSatisfy(
    (claims: number[][]) => claims.flat().length === 2,
  );
});
