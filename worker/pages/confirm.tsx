import { type Context, Hono } from 'hono';
import type { ApiEnv } from '../api/http/context.ts';
import { recipientOf } from '../auth/actor.ts';
import { readConfirmToken } from '../auth/confirmToken.ts';
import { confirmAlerts } from '../commands/channels/confirmAlerts.ts';
import { refuseAlerts } from '../commands/channels/refuseAlerts.ts';
import type { FoundRecipient } from '../db/channels/confirmationMails.ts';
import { answerForm, answerUnavailable } from './answerForm.tsx';

type TokenContext = Context<ApiEnv, '/:token' | '/:token/refuse'>;

/** The recipient of the link, or the page that explains why it has none. */
const follow = async (c: TokenContext, open: (found: FoundRecipient) => Promise<Response>): Promise<Response> => {
  const { services } = c.var;
  const found = await readConfirmToken(services.d1, c.req.param('token'));
  if (!found)
    return answerForm(
      c,
      404,
      'Invalid link',
      <p>The link is incomplete or too old. Open the link in the latest mail.</p>,
    );
  if (found.expiresAt <= services.now())
    return answerForm(
      c,
      410,
      'Link expired',
      <p>The link works for 30 days. Ask the team to send a new confirmation mail.</p>,
    );
  return open(found);
};

const Refuse = ({ token, text }: { token: string; text: string }) => (
  <form method="post" action={`/confirm/${token}/refuse`}>
    <button type="submit" class="secondary">
      {text}
    </button>
  </form>
);

const Confirm = ({ token, text }: { token: string; text: string }) => (
  <form method="post" action={`/confirm/${token}`}>
    <button type="submit">{text}</button>
  </form>
);

const stated = (c: TokenContext, { address, state }: Pick<FoundRecipient, 'address' | 'state'>) => {
  const token = c.req.param('token');
  if (state === 'confirmed')
    return answerForm(
      c,
      200,
      'This address receives alerts',
      <>
        <p>
          You receive the alerts of the team that added {address}. You can stop them on this page; its link works for 30
          days.
        </p>
        <Refuse token={token} text="Stop these alerts" />
      </>,
    );
  if (state === 'refused')
    return answerForm(
      c,
      200,
      'This address receives no alerts',
      <>
        <p>The team that added {address} cannot send alerts to it, and Pharos does not ask again.</p>
        <Confirm token={token} text="Receive these alerts after all" />
      </>,
    );
  return answerForm(
    c,
    200,
    'Receive these alerts?',
    <>
      <p>
        A Pharos user added {address} as a recipient of alerts. Pharos monitors websites and sends an alert when one is
        down.
      </p>
      <Confirm token={token} text="Receive these alerts" />
      <p>If you did not expect this, decline. Pharos then sends no alerts of this team to your address.</p>
      <Refuse token={token} text="Decline these alerts" />
    </>,
  );
};

const answering = (c: TokenContext, state: 'confirmed' | 'refused') =>
  follow(c, async (found) => {
    const { services, requestId } = c.var;
    const decide = state === 'confirmed' ? confirmAlerts : refuseAlerts;
    await decide({ services, requestId, actor: recipientOf(found) }, {});
    return stated(c, { ...found, state });
  });

/**
 * The links of confirmation mails: `/confirm/<token>`. Opening one changes nothing, because mail scanners open links; the
 * buttons do. The pages contain no text of the team either.
 */
export const confirmPages = new Hono<ApiEnv>()
  .onError(answerUnavailable)
  .get('/:token', (c) => follow(c, (found) => stated(c, found)))
  .post('/:token', (c) => answering(c, 'confirmed'))
  .post('/:token/refuse', (c) => answering(c, 'refused'));
