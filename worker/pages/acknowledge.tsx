import { type Context, Hono } from 'hono';
import { timeText } from '../alerts/messages/time.ts';
import type { ApiEnv } from '../api/http/context.ts';
import { readAcknowledgement } from '../auth/acknowledgements.ts';
import { acknowledgeForMs, isMadeAt, readAcknowledgeToken } from '../auth/acknowledgeToken.ts';
import { linkHolder } from '../auth/actor.ts';
import { acknowledgeIncident } from '../commands/incidents/acknowledgeIncident.ts';
import { type DeadLink, followLink, readLinkedDelivery } from '../db/incidents/acknowledgeLinks.ts';
import { getIncident, type IncidentRow } from '../db/incidents/incidents.ts';
import { getTeam } from '../db/teams/teams.ts';
import type { Acknowledgement } from '../domain/incidents/acknowledgement.ts';
import { PharosError } from '../errors.ts';
import type { Services } from '../services.ts';
import { answerForm as answer, answerUnavailable } from './answerForm.tsx';

const dashboard = (c: Context<ApiEnv>, incidentId: string) => (
  <p>
    <a href={`${c.var.services.config.publicOrigin}/incidents/${incidentId}`}>Open the incident in Pharos</a>
  </p>
);

/** The incident of a link, and the team's time zone, which the message with the link used. */
interface Found {
  incident: IncidentRow;
  timeZone: string;
}

const Time = ({ at, timeZone }: { at: number; timeZone: string }) => (
  <time datetime={new Date(at).toISOString()}>{timeText(at, timeZone)}</time>
);

const deadLinkTexts: Record<DeadLink, string> = {
  channel: 'The channel that received this link was deleted.',
  reopened: 'The incident was reopened. Use the link in a newer message.',
  policy: 'The channel that received this link no longer receives alerts of this monitor.',
};

const gone = (c: Context<ApiEnv>) =>
  answer(c, 404, 'Incident not found', <p>The monitor of this incident was deleted.</p>);

/** The data that a link is bound to; no row is read for a link that Pharos has not signed. */
const readLink = async (
  { config, d1, now }: Services,
  token: string,
): Promise<Acknowledgement | 'expired' | 'invalid' | 'gone'> => {
  if (token.includes('.')) return readAcknowledgement(token, config.sessionSecret, now());
  const link = await readAcknowledgeToken(token, config.sessionSecret, now());
  if (typeof link === 'string') return link;
  const carrier = await readLinkedDelivery(d1, link.delivery);
  if (!carrier) return 'gone';
  if (now() > carrier.at + acknowledgeForMs) return 'expired';
  return isMadeAt(link, carrier.at) ? { ...carrier, mark: link.mark } : 'invalid';
};

/** The incident of the link, or the page that explains why the link does not work. */
const follow = async (
  c: Context<ApiEnv, '/:token'>,
  open: (link: Acknowledgement & { through: string }, found: Found) => Promise<Response>,
): Promise<Response> => {
  const { services } = c.var;
  const link = await readLink(services, c.req.param('token'));
  if (link === 'invalid')
    return answer(
      c,
      403,
      'Invalid link',
      <p>The link is incomplete or was changed. Open it from the message again.</p>,
    );
  if (link === 'expired')
    return answer(
      c,
      410,
      'Link expired',
      <p>
        The link works for 24 hours. Acknowledge the incident in the dashboard, or use the link in a newer message.
      </p>,
    );
  if (link === 'gone') return gone(c);
  const incident = await getIncident(services.db, { teamId: link.teamId, id: link.incidentId }).catch((error) => {
    if (error instanceof PharosError && error.code === 'not_found') return null;
    throw error;
  });
  const bound = incident && (await followLink(services.d1, link));
  if (!incident || !bound) return gone(c);
  if (typeof bound === 'string')
    return answer(
      c,
      410,
      'Link no longer valid',
      <>
        <p>{deadLinkTexts[bound]}</p>
        {dashboard(c, incident.id)}
      </>,
    );
  const { timeZone } = await getTeam(services.db, link.teamId);
  return open({ ...link, through: bound.channelName }, { incident, timeZone });
};

const settled = (c: Context<ApiEnv>, { incident, timeZone }: Found) => {
  const { id, monitorName, resolvedAt, acknowledgedAt } = incident;
  if (resolvedAt !== null)
    return answer(
      c,
      200,
      'Incident already resolved',
      <>
        <p>
          The incident of {monitorName} ended on <Time at={resolvedAt} timeZone={timeZone} />. It needs no
          acknowledgement.
        </p>
        {dashboard(c, id)}
      </>,
    );
  if (acknowledgedAt === null) return null;
  return answer(
    c,
    200,
    'Incident acknowledged',
    <>
      <p>
        The incident of {monitorName} was acknowledged on <Time at={acknowledgedAt} timeZone={timeZone} />. Nobody else
        is notified.
      </p>
      {dashboard(c, id)}
    </>,
  );
};

/**
 * The links in messages that acknowledge an incident without a session: `/a/<token>`. Opening one changes nothing, because mail
 * scanners open links; the button acknowledges.
 */
export const acknowledgePages = new Hono<ApiEnv>()
  .onError(answerUnavailable)
  .get('/:token', (c) =>
    follow(
      c,
      async (_, found) =>
        settled(c, found) ??
        answer(
          c,
          200,
          `${found.incident.monitorName} is down`,
          <>
            <p>
              Down since <Time at={found.incident.startedAt} timeZone={found.timeZone} />. Not acknowledged yet.
            </p>
            <p>Acknowledge the incident to stop its escalation. Then nobody else is notified until it is reopened.</p>
            <form method="post">
              <button type="submit">Acknowledge incident</button>
            </form>
            {dashboard(c, found.incident.id)}
          </>,
        ),
    ),
  )
  .post('/:token', (c) =>
    follow(c, async ({ teamId, incidentId, through }, found) => {
      const { services, requestId } = c.var;
      const over = await settled(c, found);
      if (over) return over;
      const actor = linkHolder({ teamId, incidentId, through });
      const { acknowledgedAt } = await acknowledgeIncident({ services, requestId, actor }, { incidentId });
      // Null if the incident was reopened in the meantime.
      const at = acknowledgedAt === null ? services.now() : Date.parse(acknowledgedAt);
      const incident = { ...found.incident, acknowledgedAt: at };
      return (await settled(c, { ...found, incident })) as Response;
    }),
  );
