import { jsonOf, type VendorAnswers } from './vendorAnswers.ts';

/** https://gotify.net/api-docs#/message/createMessage */
export const gotifyAnswers: VendorAnswers = {
  vendor: 'Gotify',
  isDelivered: (answer) => answer.status === 200 && Number.isInteger(jsonOf(answer)?.id),
  repeats: 'seen',
  refusals: [
    {
      status: 401,
      problem: 'Gotify does not recognize this token. Enter an application token; a client token does not work.',
    },
    {
      status: 403,
      problem: 'This token cannot send messages. Enter an application token; a client token does not work.',
    },
    { status: 404, problem: 'No Gotify server answers at this address. Check the server and its path.' },
    { status: 400, problem: 'Gotify could not read the message. Report this to the operator of Pharos.' },
  ],
};
