/**
 * The product's worker with counters around its database and its Monitor objects, and a bare loop to compare it with.
 * Only the benchmarks run it.
 */
import { storeSettings } from '../../worker/alerts/channels/secrets.ts';
import type { ChecksMessage } from '../../worker/checks/dispatch/message.ts';
import type { MonitorRef } from '../../worker/checks/dispatch/monitorRef.ts';
import { sendMessages } from '../../worker/checks/dispatch/sendMessages.ts';
import { insertChannel, newChannelId } from '../../worker/db/channels/channels.ts';
import type { Outcome } from '../../worker/domain/checks/outcome.ts';
import type { Region } from '../../worker/domain/checks/region.ts';
import { regionBit } from '../../worker/domain/checks/region.ts';
import handlers from '../../worker/handlers.ts';
import { newId } from '../../worker/ids.ts';
import { Prober as ProductProber } from '../../worker/objects/prober.ts';
import { createServices, type Services } from '../../worker/services.ts';
import { counted, counts, proberNames, reset } from './counters.ts';
import { invoke, takeAnswers } from './freeInvocations.ts';
import { answers } from './subrequests.ts';

export { Feed } from '../../worker/objects/feed.ts';
export { Monitor } from '../../worker/objects/monitor.ts';
export { Outbox } from '../../worker/objects/outbox.ts';

/** Counts the time in which it works: at a call, or at what it promised to finish after it. */
export class Prober extends ProductProber {
  #atWork = 0;
  #since = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counted(env));
    const waitUntil = ctx.waitUntil.bind(ctx);
    Object.defineProperty(ctx, 'waitUntil', {
      value: (work: Promise<unknown>) => waitUntil(this.#counting(() => work)),
    });
  }

  override probe(...given: Parameters<ProductProber['probe']>) {
    return this.#counting(() => super.probe(...given));
  }

  async #counting<T>(work: () => Promise<T>): Promise<T> {
    if (this.#atWork++ === 0) this.#since = Date.now();
    try {
      return await work();
    } finally {
      if (--this.#atWork === 0) counts.proberMs += Date.now() - this.#since;
    }
  }
}

interface Member {
  number: number;
  cohort: number;
  interval_seconds: number;
  regions: string;
  slow_regions: number;
  failing: number;
}

/** Every monitor of the database due now in all of its regions, each in the lane that dispatch gives it. */
const startRound = async (env: Env) => {
  const services = createServices(env);
  const slot = Date.now();
  const { results } = await env.DB.prepare(
    `SELECT number, cohort, interval_seconds, regions, slow_regions, suspect OR verdict = 'down' AS failing FROM monitors`,
  ).all<Member>();
  const groups = [...Map.groupBy(results, ({ cohort }) => cohort).values()];
  const messages = groups.flatMap((members) =>
    (JSON.parse(members[0]?.regions ?? '[]') as Region[]).flatMap((region) => {
      const isSlow = (member: Member) => member.failing === 1 || (member.slow_regions & regionBit(region)) !== 0;
      // As in a dispatch, the lanes of a cohort travel together; here, unlike there, cohorts never do.
      const correlationId = newId('run');
      const lanes = Map.groupBy(members, (member) => (isSlow(member) ? 'slow' : 'normal'));
      return [...lanes].map(
        ([lane, own]): ChecksMessage => ({
          version: 1,
          correlationId,
          cohort: own[0]?.cohort ?? 0,
          intervalSeconds: own[0]?.interval_seconds ?? 60,
          region,
          slot,
          lane,
          monitors: own.map(({ number }) => number),
        }),
      );
    }),
  );
  await sendMessages(services, messages);
  return slot;
};

/** The floor: so many at a time, nothing stored. */
const fetchBare = async (urls: string[], atOnce = 6, init: RequestInit = {}) => {
  const waiting = [...urls];
  const one = async () => {
    for (let url = waiting.pop(); url; url = waiting.pop()) await (await fetch(url, init)).body?.cancel();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};

/** Each alert as a message of its own, nothing stored. */
const sendBare = ({ url, count, atOnce }: { url: string; count: number; atOnce: number }) => {
  const body = JSON.stringify({ type: 'alert.down', timestamp: new Date().toISOString(), digest: { counts: null } });
  const urls = Array.from({ length: count }, () => url);
  return fetchBare(urls, atOnce, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
};

/** A webhook of the team, which its default policy notifies. */
const addWebhook = async (services: Services, { teamId, url }: { teamId: string; url: string }) => {
  const id = newChannelId();
  const signingSecret = `whsec_${btoa('0123456789abcdef0123456789abcdef')}`;
  const settings = { url, method: 'POST', headers: {}, bodyTemplate: null, signingSecret };
  const stored = await storeSettings('webhook', id, settings, services.config.encryptionKey);
  await insertChannel(services, {
    id,
    teamId,
    userId: 'usr_bench',
    kind: 'webhook',
    name: 'Bench',
    stored,
    join: true,
  });
};

/** Sends the Monitor objects failed or passed checks, this many at a time. */
const observeAll = async (
  services: Services,
  { refs, health, atOnce }: { refs: MonitorRef[]; health: 'up' | 'down'; atOnce: number },
) => {
  const waiting = [...refs];
  const one = async () => {
    for (let ref = waiting.pop(); ref; ref = waiting.pop()) {
      const at = Date.now();
      const reason = health === 'up' ? 'ok' : 'refused';
      const times = { latencyMs: 12, scheduledAt: at, startedAt: at };
      const outcome: Outcome = { health, reason, status: null, region: 'weur', dataCentre: null, ...times };
      await services.monitor(ref.id).observe(ref, outcome, 0, 'run_bench');
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
};

/**
 * Until this many ticks were written, or the interval is over: queries of the database meanwhile would cost as much as checks.
 */
const bringing = async (ticks: number) => {
  const until = Date.now() + 60_000;
  while (counts.brought < ticks && Date.now() < until) await scheduler.wait(100);
};

const answer = async (request: Request, env: Env): Promise<Response | undefined> => {
  const url = new URL(request.url);
  switch (url.pathname) {
    case '/bench/seed':
      await env.DB.batch((await request.json<string[]>()).map((sql) => env.DB.prepare(sql)));
      return Response.json({});
    case '/bench/round': {
      reset();
      return Response.json({ slot: await startRound(env) });
    }
    case '/bench/done': {
      await bringing(Number(url.searchParams.get('ticks') ?? 0));
      const row = await env.DB.prepare(
        'SELECT count(*) AS ticks FROM tick_batches AS b, json_each(b.ticks) WHERE b.slot = ?',
      )
        .bind(Number(url.searchParams.get('slot')))
        .first<{ ticks: number }>();
      return Response.json({ ...row, ...counts, probers: proberNames.size });
    }
    case '/bench/invoke':
      return Response.json(await invoke(env, await request.json<Parameters<typeof invoke>[1]>()));
    case '/bench/answers':
      if (request.method === 'GET') return Response.json([...answers]);
      takeAnswers(await request.json<Parameters<typeof takeAnswers>[0]>());
      return Response.json({});
    case '/bench/floor':
      await fetchBare(await request.json<string[]>());
      return Response.json({});
    case '/bench/send':
      await sendBare(await request.json<Parameters<typeof sendBare>[0]>());
      return Response.json({});
    case '/bench/channel':
      await addWebhook(createServices(env), await request.json<Parameters<typeof addWebhook>[1]>());
      return Response.json({});
    case '/bench/observe':
      await observeAll(createServices(env), await request.json<Parameters<typeof observeAll>[1]>());
      return Response.json({});
    case '/bench/deliveries': {
      const team = url.searchParams.get('team');
      const { results } = await env.DB.prepare(
        `SELECT event = 'digest' AS isDigest, state, count(*) AS count FROM deliveries WHERE team_id = ? GROUP BY 1, 2`,
      )
        .bind(team)
        .all();
      return Response.json(results);
    }
    default:
      return undefined;
  }
};

export default {
  fetch: async (request, env, ctx) => {
    try {
      return (await answer(request, env)) ?? handlers.fetch(request, env, ctx);
    } catch (error) {
      return new Response(error instanceof Error ? error.stack : String(error), { status: 500 });
    }
  },
  queue: (batch, env) => handlers.queue(batch, counted(env)),
} satisfies ExportedHandler<Env>;
