import type { ReasonTexts } from '../../../../domain/checks/commonReasons.ts';

/** Why an HTTP check is what it is, beside the reasons that all kinds have. */
export const httpReasons = {
  status: {
    sentence: 'Unexpected HTTP status',
    cause: 'Unexpected status',
    short: 'unexpected status',
    coded: (status) => ({ cause: `HTTP ${status}`, short: `${status}` }),
  },
  body: { sentence: 'The body does not match', cause: 'Unexpected content', short: 'unexpected body' },
  undecodable: {
    sentence: 'The body could not be decoded, so its text was not checked',
    cause: 'Undecodable content',
    short: 'undecodable body',
  },
  too_large: {
    sentence: 'The body is too large to check completely',
    cause: 'Content too large',
    short: 'body too large',
  },
  protocol: { sentence: 'The response is not valid HTTP', cause: 'Invalid HTTP', short: 'not valid HTTP' },
  redirect: {
    sentence: 'Too many redirects, or an invalid redirect',
    cause: 'Bad redirect',
    short: 'wrong redirect',
  },
  blocked: {
    sentence: 'Redirected to an address that Pharos does not follow, or must not send the body to',
    cause: 'Blocked redirect',
    short: 'blocked redirect',
  },
  challenged: {
    sentence: 'The target’s bot protection blocked the check',
    cause: 'Checks blocked by bot protection',
    short: 'blocked by bot protection',
  },
} as const satisfies Record<string, ReasonTexts>;
