import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

/** https://docs.incident.io/api-reference/alert-events-v2/createhttp and https://docs.incident.io/api-reference/introduction#errors */
export const incidentIoAnswers: VendorAnswers = {
  vendor: 'the incident.io API',
  isDelivered: (answer) => jsonOf(answer)?.status === 'success',
  repeats: 'unseen',
  refusals: [
    {
      status: 401,
      problem: 'The incident.io API does not recognize this token. Copy the token of the alert source again.',
    },
    {
      status: 403,
      problem: 'This token does not belong to the alert source in the address. Copy both from the same source.',
    },
    {
      status: [404, 410],
      problem: 'The alert source was deleted in incident.io. Create an HTTP source and enter its address and token.',
    },
    {
      status: [400, 422],
      problem: 'The incident.io API could not read the event. Report this to the operator of Pharos.',
    },
  ],
  waitIn: ({ rate_limit }) => (rate_limit as { retry_after?: unknown } | null | undefined)?.retry_after,
};
