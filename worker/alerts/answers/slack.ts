import type { Refusal, VendorAnswers } from './vendorAnswers.ts';

const pharosFault = 'Report this to the operator of Pharos.';

const explained: Record<string, string> = {
  action_prohibited:
    'The Slack workspace does not allow this webhook to post. Ask a workspace administrator to allow it.',
  channel_is_archived: 'The Slack channel is archived. Unarchive it, or enter a webhook for another channel.',
  channel_not_found:
    'The Slack channel was deleted, or the app no longer has access to it. Enter a webhook for another channel.',
  invalid_token: 'Slack does not recognize this webhook. Enter a new webhook address.',
  no_active_hooks: 'The webhook is disabled in Slack. Enable it there, or enter a new webhook address.',
  no_service: 'The webhook was removed or disabled in Slack. Enter a new webhook address.',
  no_service_id: 'Slack does not recognize this webhook. Enter a new webhook address.',
  no_team: 'The Slack workspace no longer exists. Enter a webhook of another workspace.',
  org_login_required: 'The Slack workspace is being migrated. Enter the webhook again after the migration.',
  posting_to_general_channel_denied:
    'Only some members may post to the general channel of this workspace. Ask an administrator to allow it, or enter a webhook for another channel.',
  team_disabled: 'The Slack workspace is disabled. Enter a webhook of another workspace.',
  user_not_found: 'The recipient of this webhook is no longer in Slack. Enter a webhook for a channel.',
  invalid_payload: `Slack could not read the message. ${pharosFault}`,
  invalid_blocks: `Slack could not read the message. ${pharosFault}`,
  no_text: `Slack found no text in the message. ${pharosFault}`,
  too_many_attachments: `The message has too many parts for Slack. ${pharosFault}`,
};

const refusals: Refusal[] = Object.entries(explained).map(([code, problem]) => ({
  status: 'any',
  says: new RegExp(`^\\s*${code}\\b`),
  problem,
}));

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors */
export const slackAnswers: VendorAnswers = {
  vendor: 'Slack',
  isDelivered: ({ status, body }) => status === 200 && body.trim() === 'ok',
  repeats: 'seen',
  refusals,
};
