import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

/** https://gotify.net/api-docs#/message/createMessage */
export const gotifyAnswers: VendorAnswers = {
  vendor: 'Gotify',
  isDelivered: (answer) => answer.status === 200 && Number.isInteger(jsonOf(answer)?.id),
  repeats: 'seen',
  refusals: [
    {
      status: 401,
      problem: 'Gotify does not know this token. Enter the token of an application; the token of a client does not do.',
    },
    {
      status: 403,
      problem: 'The token may not send messages. Enter the token of an application; the token of a client does not do.',
    },
    { status: 404, problem: 'There is no Gotify at this address. Check the server and its path.' },
    { status: 400, problem: 'Gotify could not read the message. Report this to the operator of Pharos.' },
  ],
};
