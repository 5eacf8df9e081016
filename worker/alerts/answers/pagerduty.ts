import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

const newKey = 'Copy the integration key of an "Events API V2" integration, and check the service region.';

/** https://developer.pagerduty.com/docs/send-alert-event#response-codes--retry-logic */
export const pagerdutyAnswers: VendorAnswers = {
  vendor: 'PagerDuty',
  isDelivered: (answer) => answer.status === 202 && jsonOf(answer)?.status === 'success',
  repeats: 'unseen',
  refusals: [
    {
      status: [400, 401, 403, 404],
      says: /routing[_ ]?key|service[_ ]?key/i,
      problem: `PagerDuty does not recognize this integration key. ${newKey}`,
    },
    {
      status: 400,
      problem:
        'PagerDuty rejected the event as invalid. Check the integration key; if it is correct, report this to the operator of Pharos.',
    },
    { status: [401, 403, 404], problem: `PagerDuty rejected the integration key. ${newKey}` },
    { status: 402, problem: 'The PagerDuty account is not active. Check its subscription.' },
  ],
};
