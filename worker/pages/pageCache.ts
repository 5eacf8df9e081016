import { logFailure } from '../log.ts';
import type { Services } from '../services.ts';
import { within } from '../within.ts';

/** A rendered status page. */
export interface RenderedPage {
  html: string;
  etag: string;
  /** When the database was read, ms. */
  readAt: number;
}

/** Renders the page of a slug; null where there is none. */
type Render = (services: Services, slug: string) => Promise<RenderedPage | null>;

/** While the database fails, the last known page is served for this long; after that a deleted page disappears here as well. */
export const lastKnownMs = 3_600_000;

/** A slower database counts as failing. */
const patienceMs = 5_000;
/** Not every visitor queries a failing database again. */
const restMs = 5_000;
const maxBytes = 8_000_000;
const maxFailing = 1_000;

interface Reading {
  page: Promise<RenderedPage | null>;
  since: number;
}

/**
 * The pages that an isolate rendered last, each read at most once per `freshMs`, however many visitors there are. It lies behind
 * the platform's own cache, which does not exist locally, and which cannot mark a page as old.
 */
export const createPageCache = (render: Render) => {
  const kept = new Map<string, RenderedPage>();
  const reading = new Map<string, Reading>();
  const failedAt = new Map<string, number>();
  let bytes = 0;

  const forget = (slug: string) => {
    bytes -= kept.get(slug)?.html.length ?? 0;
    kept.delete(slug);
  };

  const keep = (slug: string, page: RenderedPage | null) => {
    forget(slug);
    if (!page) return;
    kept.set(slug, page);
    bytes += page.html.length;
    for (const oldest of kept.keys()) {
      if (bytes <= maxBytes || oldest === slug) break;
      forget(oldest);
    }
  };

  const begin = async (services: Services, slug: string) => {
    // Tenants share the CPU and the database: one page's visitors cause at most this many reads in a location.
    if (!(await services.apiLimit.limit({ key: `page:${slug}` })).success)
      throw new Error('This page is read too often.');
    const page = await render(services, slug);
    failedAt.delete(slug);
    keep(slug, page);
    return page;
  };

  const join = (services: Services, slug: string, keepAlive: (work: Promise<unknown>) => void) => {
    const running = reading.get(slug);
    // A read whose visitor disconnected may never end.
    if (running && services.now() - running.since < patienceMs) return running.page;
    const mine: Reading = { page: begin(services, slug), since: services.now() };
    reading.set(slug, mine);
    const end = () => {
      if (reading.get(slug) === mine) reading.delete(slug);
    };
    keepAlive(mine.page.then(end, end));
    return mine.page;
  };

  const fail = (services: Services, slug: string) => (error: unknown) => {
    logFailure('status-page', 'none', error, { slug });
    if (failedAt.size >= maxFailing) failedAt.clear();
    failedAt.set(slug, services.now());
    return 'failed' as const;
  };

  /** Null where there is no such page. Throws where it cannot be read and no recent one is known. */
  return async (
    services: Services,
    slug: string,
    keepAlive: (work: Promise<unknown>) => void,
  ): Promise<RenderedPage | null> => {
    const known = kept.get(slug);
    const age = services.now() - (known?.readAt ?? 0);
    if (known && age < services.config.statusPageSeconds * 1000) return known;
    const rests = services.now() - (failedAt.get(slug) ?? 0) < restMs;
    const read = rests ? 'resting' : await withPatience(join(services, slug, keepAlive)).catch(fail(services, slug));
    if (read !== 'failed' && read !== 'resting') return read;
    if (known && age < lastKnownMs) return known;
    throw new Error('The page cannot be read.');
  };
};

const withPatience = <T>(work: Promise<T>) =>
  within(patienceMs, work, () => new Error(`The database did not answer within ${patienceMs} ms.`));
