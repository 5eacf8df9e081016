import { parseConfig } from './config.ts';
import { openDatabase } from './db/core/client.ts';
import { withDeadline } from './db/core/deadline.ts';
import { type Region, regions } from './domain/checks/region.ts';
import type { DatabaseLocation } from './domain/operations/databaseLocation.ts';
import type { FeedRpc, MonitorRpc, OutboxRpc, ProberRpc } from './objects/rpc.ts';

const queueBindings = {
  wnam: 'CHECKS_WNAM',
  enam: 'CHECKS_ENAM',
  weur: 'CHECKS_WEUR',
  eeur: 'CHECKS_EEUR',
  apac: 'CHECKS_APAC',
  'apac-ne': 'CHECKS_APAC_NE',
  'apac-se': 'CHECKS_APAC_SE',
  oc: 'CHECKS_OC',
} as const satisfies Record<Region, keyof Env>;

/**
 * The composition root: what fetch, queue, cron and Durable Objects work with. Everything below takes what it needs
 * from here and never reads `env` itself. Throws where the configuration is not usable.
 */
export const createServices = (env: Env) => {
  const config = parseConfig(env);
  const d1 = withDeadline(env.DB);
  return {
    config,
    /** When this version was deployed, ms since the epoch; a local copy: when it was started. */
    deployedAt: Date.parse(env.VERSION.timestamp) || 0,
    d1,
    db: openDatabase(d1),
    now: () => Date.now(),
    signUpLimit: env.SIGN_UP_LIMIT,
    apiLimit: env.API_LIMIT,
    readLimit: env.READ_LIMIT,
    addressLimit: env.ADDRESS_LIMIT,
    lookLimit: env.LOOK_LIMIT,
    queue: (region: Region): Queue => env[queueBindings[region]],
    alerts: env.ALERTS,
    // What talks to the database most lies beside it: a decision takes some trips there, one after another.
    monitor: (id: string) => stub<MonitorRpc>(env.MONITOR, id, config.databaseLocation),
    /** The name keeps regions apart for good. */
    prober: (region: Region, name: string) => stub<ProberRpc>(env.PROBER, `${region}:${name}`, region),
    outbox: (channelId: string) => stub<OutboxRpc>(env.OUTBOX, channelId, config.databaseLocation),
    feed: (teamId: string) => stub<FeedRpc>(env.FEED, teamId, config.databaseLocation),
  };
};

export type Services = ReturnType<typeof createServices>;

const made = new WeakMap<Env, Services>();

/** Made once per isolate: parsing the settings and the schema takes a millisecond, as much as two checks. */
export const servicesOf = (env: Env): Services => {
  const services = made.get(env) ?? createServices(env);
  made.set(env, services);
  return services;
};

/** Every object is reached here: the hint counts only at its first `get`, by any caller. */
const stub = <T extends Rpc.DurableObjectBranded>(
  namespace: DurableObjectNamespace,
  name: string,
  place: Region | DatabaseLocation | null,
) =>
  (namespace as DurableObjectNamespace<T>).get(
    namespace.idFromName(name),
    place === null ? undefined : { locationHint: place as DurableObjectLocationHint },
  );

export const alertsQueue = 'pharos-alerts';

export const regionOfQueue = (queue: string): Region | null =>
  regions.find((region) => queue === `pharos-checks-${region}`) ?? null;
