import { type AnySettings, definitionOf, type Kind } from '../../checks/kinds/kind.ts';
import { registrableDomain } from '../../domain/checks/registrableDomain.ts';

/** The domain whose load the checks count to; empty where they request no host. */
export const domainOf = (kind: Kind, settings: AnySettings): string => {
  const host = definitionOf(kind).host(settings);
  return host === null ? '' : registrableDomain(host);
};
