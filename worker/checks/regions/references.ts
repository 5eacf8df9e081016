import { readLooks, writeLooks } from '../../db/checks/regionReviews.ts';
import type { ReferenceFinding } from '../../domain/checks/distrust.ts';
import { findingOf, type Look, witnessesFor } from '../../domain/checks/references.ts';
import type { Region } from '../../domain/checks/region.ts';
import { logFailure } from '../../log.ts';
import type { Services } from '../../services.ts';
import { within } from '../../within.ts';

/** Minimum time between two requests to a region: several reviews share the result. */
const lookEveryMs = 4_000;

/** Longer than a Prober waits for six references, of which five have a slot at once (objects/prober.ts). */
const looksWithinMs = 7_000;

/**
 * Asks the operator's reference targets from these regions and from others, and returns the finding for each: `inconclusive`
 * where there are no targets. A Prober that fails or is late does not count.
 */
export const askReferences = async (
  services: Services,
  suspects: readonly Region[],
  distrusted: readonly Region[],
  correlationId: string,
): Promise<Map<Region, ReferenceFinding>> => {
  const urls = services.config.referenceTargets;
  if (urls.length === 0) return new Map(suspects.map((region) => [region, { says: 'inconclusive' }]));
  const witnesses = new Map(suspects.map((region) => [region, witnessesFor(region, distrusted)]));
  const looks = await lookFrom(services, new Set([...suspects, ...[...witnesses.values()].flat()]), correlationId);
  return new Map(
    suspects.map((region) => {
      const elsewhere = (witnesses.get(region) ?? []).map((witness) => looks.get(witness));
      return [
        region,
        findingOf(
          urls,
          looks.get(region) ?? null,
          elsewhere.filter((look) => look !== undefined),
        ),
      ];
    }),
  );
};

const lookFrom = async (
  services: Services,
  wanted: ReadonlySet<Region>,
  correlationId: string,
): Promise<Map<Region, Look>> => {
  const urls = services.config.referenceTargets;
  const known = await readLooks(services.d1, services.now() - lookEveryMs);
  const isWhole = (look: Look | undefined) => look !== undefined && urls.every((url) => url in look);
  const found = new Map<Region, Look>();
  const startedAt = services.now();
  await Promise.all(
    [...wanted]
      .filter((region) => !isWhole(known.get(region)))
      .map(async (region) => {
        const look = await lookOf(services, region).catch((error: unknown) => {
          logFailure('distrust', correlationId, error, { region, part: 'references' });
          return null;
        });
        if (look) found.set(region, look);
      }),
  );
  await writeLooks(services.d1, found, startedAt);
  return new Map([...known, ...found]);
};

const lookOf = async (services: Services, region: Region): Promise<Look> => {
  const urls = [...services.config.referenceTargets];
  // An object of its own: reference targets that answer must not wait behind targets that do not.
  const reached = services.prober(region, 'references').reach(region, urls);
  const answers = await within(looksWithinMs, reached, () => new Error(`No look within ${looksWithinMs} ms`));
  return Object.fromEntries(urls.map((url, i) => [url, answers[i] === true]));
};
