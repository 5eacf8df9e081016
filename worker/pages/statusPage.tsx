import type { PublicComponent, PublicIncident, PublicPage } from '../db/statusPages/publicPage.ts';
import { overallState } from '../domain/statusPages/statusPage.ts';
import { VerdictIcon } from './icon.tsx';
import { clockWords, durationWords, timeWords, uptimeLabels, verdictLabels } from './labels.ts';
import { Layout } from './layout.tsx';

export const StatusPage = ({ page }: { page: PublicPage }) => {
  const { verdict, sentence } = overallState(page.components);
  return (
    <Layout title={page.name}>
      <header>
        <h1>{page.name}</h1>
      </header>
      <main>
        <div class={`overall ${verdict}`}>
          <VerdictIcon verdict={verdict} />
          <p>{sentence}</p>
        </div>
        <section aria-labelledby="services">
          <h2 id="services">Services</h2>
          <ul class="list">
            {page.components.map((component) => (
              <Component component={component} />
            ))}
          </ul>
        </section>
        {page.maintenance.length > 0 && (
          <section aria-labelledby="maintenance">
            <h2 id="maintenance">Scheduled maintenance</h2>
            <ul class="list">
              {page.maintenance.map((window) => (
                <Maintenance window={window} now={page.at} />
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="incidents">
          <h2 id="incidents">Incidents of the last 14 days</h2>
          {page.incidents.length === 0 ? (
            <p class="quiet">None.</p>
          ) : (
            <ul class="list">
              {page.incidents.map((incident) => (
                <Incident incident={incident} now={page.at} />
              ))}
            </ul>
          )}
        </section>
        <p class="quiet">
          As of <Time at={page.at} />
        </p>
      </main>
    </Layout>
  );
};

const Component = ({
  component: { name, verdict, maintenanceUntil, staleSince, uptime24h },
}: {
  component: PublicComponent;
}) => (
  <li class="component">
    <h3>{name}</h3>
    <span class={`verdict ${verdict}`}>
      <VerdictIcon verdict={verdict} />
      {verdictLabels[verdict]}
    </span>
    {maintenanceUntil !== null && (
      <p class="quiet">
        Under maintenance until <Time at={maintenanceUntil} />
      </p>
    )}
    {staleSince !== null && (
      <p class="quiet">
        Not checked since <Time at={staleSince} />
      </p>
    )}
    <p class="quiet">{uptimeLabels(uptime24h)}</p>
  </li>
);

const Maintenance = ({ window, now }: { window: PublicPage['maintenance'][number]; now: number }) => (
  <li>
    <h3>{window.title}</h3>
    <p>{window.components.join(', ')}</p>
    <p class="quiet">
      {window.from <= now && 'In progress: '}
      <Time at={window.from} /> until <Time at={window.to} />
    </p>
  </li>
);

/** Nobody knows whether such an incident is over, so it is not called ongoing. */
const restLabels = { paused: 'monitoring has been paused since', stale: 'not checked since' } as const;

const Incident = ({
  incident: { component, reason, startedAt, endedAt, restsSince, restsBecause },
  now,
}: {
  incident: PublicIncident;
  now: number;
}) => (
  <li>
    <h3>{component}</h3>
    <p>
      {reason ?? 'Maintenance'}
      {endedAt === null && restsSince === null ? (
        <>
          , <span class="ongoing">ongoing</span> for {durationWords(now - startedAt)}
        </>
      ) : (
        <> for {durationWords((endedAt ?? restsSince ?? now) - startedAt)}</>
      )}
    </p>
    <p class="quiet">
      Since <Time at={startedAt} />
      {endedAt !== null && (
        <>
          {' '}
          until <Time at={endedAt} />
        </>
      )}
      {restsSince !== null && (
        <>
          ; {restLabels[restsBecause ?? 'stale']} <Time at={restsSince} />
        </>
      )}
    </p>
  </li>
);

const Time = ({ at }: { at: number }) => <time datetime={new Date(at).toISOString()}>{timeWords(at)}</time>;

/** Notice above a page that is older than it should be. */
export const StaleNotice = ({ readAt }: { readAt: number }) => (
  <p class="stale" role="status">
    Status as of <time datetime={new Date(readAt).toISOString()}>{clockWords(readAt)}</time>. Newer data is temporarily
    unavailable.
  </p>
);

/** Shown for an unknown status page. */
export const NoStatusPage = () => (
  <Layout title="No such status page">
    <main>
      <h1>Status page not found</h1>
      <p>The address may be mistyped, or the page was taken down.</p>
    </main>
  </Layout>
);

/** Shown where a page could not be read. */
export const BrokenStatusPage = () => (
  <Layout title="Temporarily unavailable">
    <main>
      <h1>This status page is temporarily unavailable</h1>
      <p>The problem is with this page, not with the services on it. Try again in a moment.</p>
    </main>
  </Layout>
);
