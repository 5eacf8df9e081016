import { isText, jsonOf, type Refusal, type VendorAnswers } from './vendorAnswers.ts';

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const explained: Record<number, string> = {
  10003: 'The Discord channel was deleted. Create a webhook in another channel and enter its address.',
  10015: 'The webhook was deleted in Discord. Create a new one and enter its address.',
  50027: 'Discord does not recognize the token at the end of the webhook address. Copy the address again.',
  50006: 'Discord found no text in the message. Report this to the operator of Pharos.',
  50035: 'Discord could not read the message. Report this to the operator of Pharos.',
  220001:
    'The webhook belongs to a forum, where every message needs a thread. Create a webhook in a text channel and enter its address.',
  220003:
    'The webhook belongs to a forum, where every message needs a thread. Create a webhook in a text channel and enter its address.',
};

const refusals: Refusal[] = Object.entries(explained).map(([code, problem]) => ({
  says: new RegExp(`"code"\\s*:\\s*${code}\\b`),
  problem,
}));

/** With `wait=true` Discord answers with the message that it created. */
export const discordAnswers: VendorAnswers = {
  vendor: 'Discord',
  isDelivered: (answer) => answer.status === 200 && isText(jsonOf(answer)?.id),
  repeats: 'seen',
  refusals,
  waitIn: ({ retry_after }) => retry_after,
};
