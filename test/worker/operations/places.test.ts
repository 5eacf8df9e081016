import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { parseConfig } from '../../../worker/config.ts';
import { databaseLocations } from '../../../worker/domain/operations/databaseLocation.ts';
import { createServices } from '../../../worker/services.ts';
import '../../../worker/index.ts'; // as in client.ts

/** The placement that the platform is asked for; where it puts an object shows nowhere in a local copy. */
const askedFor = (D1_LOCATION: string) => {
  const asked: Record<string, unknown> = {};
  const namespace = (kind: string) => ({
    idFromName: (name: string) => name,
    get: (_: string, options?: DurableObjectNamespaceGetDurableObjectOptions) => {
      asked[kind] = options?.locationHint ?? null;
    },
  });
  const [MONITOR, OUTBOX, FEED, PROBER] = ['monitor', 'outbox', 'feed', 'prober'].map(namespace);
  const services = createServices({ ...env, D1_LOCATION, MONITOR, OUTBOX, FEED, PROBER } as unknown as Env);
  services.monitor('mon_1');
  services.outbox('chn_1');
  services.feed('team_1');
  services.prober('oc', '1');
  return asked;
};

test.each(databaseLocations)('with the database in %s, what judges and notifies is created there', (location) => {
  expect(askedFor(location)).toEqual({ monitor: location, outbox: location, feed: location, prober: 'oc' });
});

test('where nothing is known of the database, only Probers ask for a place', () => {
  expect(askedFor('')).toEqual({ monitor: null, outbox: null, feed: null, prober: 'oc' });
});

test.each(['WEUR', 'europe', 'sam', 'apac-ne'])('%s is no place for a database', (D1_LOCATION) => {
  expect(() => parseConfig({ ...env, D1_LOCATION })).toThrow(/D1_LOCATION is one of weur, eeur, apac/);
});
