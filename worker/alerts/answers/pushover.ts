import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

/** https://pushover.net/api#response and #friendly */
export const pushoverAnswers: VendorAnswers = {
  vendor: 'Pushover',
  isDelivered: (answer) => answer.status === 200 && jsonOf(answer)?.status === 1,
  repeats: 'seen',
  refusals: [
    {
      status: 'any',
      says: /"errors"[\s\S]*(?:application token is invalid|"token"\s*:\s*"invalid")/i,
      problem: 'Pushover does not recognize this application token. Copy it again from pushover.net.',
    },
    {
      status: 'any',
      says: /no active devices|no active users|group has no/i,
      problem: 'The user or group has no active device. Sign in to the Pushover app on a device.',
    },
    {
      status: 'any',
      says: /"errors"[\s\S]*(?:user identifier|user key|"user"\s*:\s*"invalid")/i,
      problem: 'Pushover does not recognize this user or group key. Copy it again from pushover.net.',
    },
    {
      status: 429,
      state: 'transient',
      problem:
        'The Pushover application has used up its messages for this month. Buy more on pushover.net, or use another application token.',
    },
    {
      status: 'any',
      says: /"status"\s*:\s*0\b/,
      problem: 'Pushover rejected the message. Check the application token and the user key.',
    },
  ],
};

/** The response to the cancelling of emergencies. https://pushover.net/api/receipts#cancel_by_tag */
export const pushoverCancelAnswers: VendorAnswers = { ...pushoverAnswers, repeats: 'unseen' };
