import { isText, jsonOf, type VendorAnswers } from './vendorAnswers.ts';

/** Codes as in `server/errors.go` of ntfy. */
const code = (number: number) => new RegExp(`"code"\\s*:\\s*${number}\\b`);

/** https://docs.ntfy.sh/publish/#limitations */
export const ntfyAnswers: VendorAnswers = {
  vendor: 'the ntfy server',
  isDelivered: (answer) => answer.status === 200 && isText(jsonOf(answer)?.id),
  repeats: 'seen',
  refusals: [
    { status: 401, problem: 'The ntfy server does not recognize this access token. Enter a valid one.' },
    {
      status: 403,
      problem: 'This topic is protected. Enter an access token with write access, or choose another topic.',
    },
    { says: /"code"\s*:\s*400(?:09|10)\b/, problem: 'The server does not allow this topic. Choose another one.' },
    { status: 404, problem: 'No ntfy server answers at this address. Check the server.' },
    { status: 413, problem: 'The ntfy server accepts only shorter messages. Ask its operator to raise the limit.' },
    {
      says: code(42908),
      state: 'transient',
      problem:
        'This ntfy account or address has used up its messages for today. Enter the access token of an account with a higher limit.',
    },
    {
      says: code(42909),
      state: 'transient',
      problem: 'The ntfy server rejects requests for now after too many failed sign-ins. Check the access token.',
    },
    {
      status: 429,
      state: 'transient',
      problem:
        'The ntfy server accepts no more messages from Pharos for now. An access token of your own account raises the limit.',
    },
    {
      status: 507,
      state: 'transient',
      problem: 'The ntfy server has no room for this topic. A subscriber has to open the topic first.',
    },
  ],
};
