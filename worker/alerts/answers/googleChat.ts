import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

const again = 'In the space, open Apps & integrations, and enter the address of a webhook that is listed there.';

/** https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create and https://cloud.google.com/apis/design/errors */
export const googleChatAnswers: VendorAnswers = {
  vendor: 'Google Chat',
  isDelivered: (answer) => answer.status === 200 && /^spaces\/./.test(String(jsonOf(answer)?.name ?? '')),
  repeats: 'seen',
  refusals: [
    { says: /API_KEY_INVALID|API key not valid/i, problem: `The key in the webhook address is not valid. ${again}` },
    { status: 401, problem: `The token in the webhook address is no longer valid. ${again}` },
    {
      status: 403,
      problem:
        'Google Chat rejected the webhook. It was removed, or an administrator of the organization blocks apps in this space.',
    },
    { status: [404, 410], problem: `The space or its webhook was deleted. ${again}` },
    { status: 400, problem: 'Google Chat could not read the message. Report this to the operator of Pharos.' },
  ],
  waitIn: ({ error }) => retryDelayOf(error),
};

/** `google.rpc.RetryInfo`, whose delay is written `3.5s`. */
const retryDelayOf = (error: unknown): unknown => {
  const { details } = (error ?? {}) as { details?: unknown };
  const delays = Array.isArray(details)
    ? details.map((one) => (one as { retryDelay?: unknown } | null)?.retryDelay)
    : [];
  const delay = delays.find((one) => typeof one === 'string');
  return typeof delay === 'string' ? delay.replace(/s$/, '') : null;
};
