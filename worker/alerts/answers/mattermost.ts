import type { VendorAnswers } from './vendorAnswers.ts';

/** Ids of errors, as the server has them in `server/channels/app/webhook.go` and `…/web/webhook.go`. */
export const mattermostAnswers: VendorAnswers = {
  vendor: 'Mattermost',
  isDelivered: ({ status, body }) => status === 200 && body.trim() === 'ok',
  repeats: 'seen',
  refusals: [
    {
      status: [400, 403, 501],
      says: /web\.incoming_webhook\.disabled/,
      problem: 'Incoming webhooks are turned off on this Mattermost server. Ask its administrator to turn them on.',
    },
    {
      says: /web\.incoming_webhook\.channel\.app_error/,
      problem: 'The channel of this webhook was deleted. Edit the webhook in Mattermost, or enter another one.',
    },
    {
      says: /web\.incoming_webhook\.(?:permissions|channel_locked|user)|town_square_read_only/,
      problem:
        'The webhook may not post to this channel. Check in Mattermost that its creator is still a member and may post.',
    },
    {
      says: /can_not_post_to_deleted|channel.{0,20}archived/i,
      problem: 'The channel of this webhook is archived. Unarchive it, or enter another webhook.',
    },
    {
      says: /web\.incoming_webhook\.(?:text|parse|decode|attachment)/,
      problem: 'Mattermost could not read the message. Report this to the operator of Pharos.',
    },
    {
      says: /web\.incoming_webhook\.invalid|sql_webhooks|get_incoming|Invalid webhook/i,
      problem:
        'Mattermost does not recognize this webhook: it was deleted, or the address is incomplete. Enter a new one.',
    },
    {
      status: [401, 403],
      problem: 'A proxy in front of Mattermost requires a sign-in. Let requests to /hooks/ through without one.',
    },
  ],
};
