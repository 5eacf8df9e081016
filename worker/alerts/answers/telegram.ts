import { jsonOf, type Refusal, type VendorAnswers } from './vendorAnswers.ts';

/** Telegram documents its descriptions as free text that may change, so a few words of each are enough. */
const explained: [says: RegExp, problem: string][] = [
  [
    /bot was blocked by the user/i,
    'The recipient has blocked the bot. They have to unblock it in Telegram and write to it once.',
  ],
  [
    /bot can't initiate conversation/i,
    'The recipient has not written to the bot yet. They have to send it a message first.',
  ],
  [/bot was kicked/i, 'The bot was removed from the group or channel. Add it again.'],
  [
    /bot is not a member/i,
    'The bot is not a member of the group or channel. Add it, to a channel as an administrator.',
  ],
  [
    /user is deactivated/i,
    'The Telegram account of the recipient was deleted. Enter the chat id of another recipient.',
  ],
  [
    /bots can't send messages to bots/i,
    'This chat id belongs to a bot. Enter the chat id of a person, group or channel.',
  ],
  [/group chat was deleted/i, 'The group was deleted. Enter the chat id of another one.'],
  [
    /chat not found|PEER_ID_INVALID/i,
    'Telegram has no chat with this id. Check the chat id, and that the bot was added there or the recipient has written to it.',
  ],
  [/message thread not found|TOPIC_DELETED/i, 'The topic was deleted. Enter the number of another topic, or none.'],
  [/TOPIC_CLOSED/i, 'The topic is closed. Reopen it, or enter the number of another topic.'],
  [
    /not enough rights|have no rights|need administrator rights|CHAT_WRITE_FORBIDDEN|CHAT_RESTRICTED/i,
    'The bot may not post in this chat. Allow it to send messages; in a channel, make it an administrator.',
  ],
  [
    /can't parse entities|message text is empty|message is too long/i,
    'Telegram could not read the message. Report this to the operator of Pharos.',
  ],
];

const movedTo = /"migrate_to_chat_id"\s*:\s*(-?\d{1,20})/;

const refusals: Refusal[] = [
  {
    status: 'any',
    says: movedTo,
    problem: ({ body }) =>
      `The group has become a supergroup: its chat id is now ${movedTo.exec(body)?.[1]}. Enter that chat id.`,
  },
  {
    status: 'any',
    says: /group chat was upgraded to a supergroup/i,
    problem: 'The group has become a supergroup with another chat id. Enter the new chat id.',
  },
  ...explained.map(([says, problem]): Refusal => ({ status: 'any', says, problem })),
  { status: 401, problem: 'Telegram no longer recognizes this bot token. Copy the token again from @BotFather.' },
  { status: 404, problem: 'Telegram does not recognize this bot token. Copy the token again from @BotFather.' },
  {
    status: 'any',
    says: /"error_code"\s*:\s*429\b/,
    state: 'transient',
    problem: 'Telegram accepts no more messages for now.',
  },
  {
    status: 'any',
    says: /"error_code"\s*:\s*5\d\d\b/,
    state: 'transient',
    problem: 'Telegram reports an internal error.',
  },
  {
    status: 200,
    says: /"ok"\s*:\s*false\b/,
    problem: 'Telegram rejected the message. Check the chat id and the rights of the bot.',
  },
];

/** https://core.telegram.org/bots/api#making-requests and #responseparameters */
export const telegramAnswers: VendorAnswers = {
  vendor: 'Telegram',
  isDelivered: (answer) => answer.status === 200 && jsonOf(answer)?.ok === true,
  repeats: 'seen',
  refusals,
  waitIn: ({ parameters }) => (parameters as { retry_after?: unknown } | null | undefined)?.retry_after,
};
