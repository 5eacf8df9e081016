import type { Services } from '../services.ts';
import type { AddressRules } from './address.ts';
import type { SendDeps } from './send.ts';

export const addressRulesOf = ({ config }: Services): AddressRules => ({
  allowPrivate: config.allowPrivateTargets,
  ownHosts: [config.publicOrigin, ...config.allowedOrigins].map((origin) => new URL(origin).host),
});

/** What sending needs of the configuration. */
export const sendDepsOf = (services: Services): SendDeps => {
  const { publicOrigin, mail, vapid } = services.config;
  return { now: services.now, rules: addressRulesOf(services), context: { publicOrigin, mail, vapid } };
};
