import { type Context, Hono } from 'hono';
import { timeText } from '../alerts/messages/time.ts';
import type { ApiEnv } from '../api/http/context.ts';
import { recipientOf } from '../auth/actor.ts';
import { readLeaveToken } from '../auth/leaveToken.ts';
import { leaveAlerts } from '../commands/channels/leaveAlerts.ts';
import { listRecipients, type RecipientRow } from '../db/channels/recipients.ts';
import { answerForm, answerUnavailable } from './answerForm.tsx';

type LeaveContext = Context<ApiEnv, '/:token'>;

/** The recipient of the mail with the link, or the page that explains why the link does not work. */
const follow = async (c: LeaveContext, open: (recipient: RecipientRow) => Promise<Response>): Promise<Response> => {
  const { d1, config } = c.var.services;
  const leaver = await readLeaveToken(c.req.param('token'), config.sessionSecret);
  const [recipient] = leaver ? await listRecipients(d1, leaver.teamId, [leaver.addressKey]) : [];
  if (recipient) return open(recipient);
  return answerForm(c, 404, 'Invalid link', <p>The link is incomplete or too old. Use the link in a newer mail.</p>);
};

const left = (c: LeaveContext, { address, state, decidedAt }: RecipientRow) =>
  answerForm(
    c,
    200,
    'This address receives no alerts',
    <>
      <p>
        {state === 'left' && decidedAt !== null ? (
          <>
            Alerts to {address} were stopped on{' '}
            <time datetime={new Date(decidedAt).toISOString()}>{timeText(decidedAt, 'UTC')}</time>.{' '}
          </>
        ) : (
          `Pharos sends no alerts of this team to ${address}. `
        )}
        The team sees that you unsubscribed.
      </p>
      <p>To receive alerts again, ask the team to add you again. Pharos then sends a confirmation mail.</p>
    </>,
  );

const hasLeft = ({ state }: RecipientRow) => state === 'left' || state === 'refused';

/**
 * The unsubscribe links of alert mails: `/leave/<token>`. Opening one changes nothing, because mail scanners open links; the
 * button does, and the POST of a mail reader. https://www.rfc-editor.org/rfc/rfc8058
 */
export const leavePages = new Hono<ApiEnv>()
  .onError(answerUnavailable)
  .get('/:token', (c) =>
    follow(c, async (recipient) =>
      hasLeft(recipient)
        ? left(c, recipient)
        : answerForm(
            c,
            200,
            'Stop these alerts?',
            <>
              <p>
                {recipient.address} receives the alerts of a team. If you stop them, the team sees that you
                unsubscribed.
              </p>
              <form method="post">
                <button type="submit">Stop these alerts</button>
              </form>
            </>,
          ),
    ),
  )
  .post('/:token', (c) =>
    follow(c, async (recipient) => {
      if (hasLeft(recipient)) return left(c, recipient);
      const { services, requestId } = c.var;
      const decidedAt = await leaveAlerts({ services, requestId, actor: recipientOf(recipient) }, {});
      return left(c, { ...recipient, state: 'left', decidedAt });
    }),
  );
