import { type Answer, isWebPage, type VendorAnswers } from './vendorAnswers.ts';

/** The text for a browser that has ended its subscription. */
export const subscriptionGone =
  'This browser no longer receives notifications. Open this channel in that browser, press “Edit”, then “Notify this browser”.';

const otherKeys =
  'The browser subscribed with keys that Pharos no longer uses. Open this channel in that browser, press “Edit”, then “Notify this browser”.';

/** https://www.rfc-editor.org/rfc/rfc8030#section-5 says 201; some push services answer 200 or 202. */
const isDelivered = (answer: Answer): boolean =>
  !isWebPage(answer) && ([201, 202].includes(answer.status) || (answer.status === 200 && answer.body.trim() === ''));

/**
 * https://www.rfc-editor.org/rfc/rfc8030#section-7.3, https://mozilla-services.github.io/autopush-rs/errors.html,
 * https://developer.apple.com/documentation/usernotifications/sending-web-push-notifications-in-web-apps-and-browsers
 */
export const webPushAnswers: VendorAnswers = {
  vendor: 'the push service',
  isDelivered,
  repeats: 'unseen',
  refusals: [
    { status: [404, 410], problem: subscriptionGone, isGone: true },
    {
      says: /VapidPkHashMismatch|UnauthorizedRegistration|"errno"\s*:\s*109\b|do not correspond|public key mismatch|sender.?id.?mismatch/i,
      problem: otherKeys,
    },
    {
      says: /BadJwtToken|ExpiredJwtToken|InvalidJwt|\bJWT\b/i,
      problem:
        'The push service rejected the signature of Pharos. The operator has to check VAPID_SUBJECT and the VAPID keys.',
    },
    { status: [401, 403], problem: otherKeys },
    {
      status: 413,
      problem: 'The push service rejected the notification as too long. Report this to the operator of Pharos.',
    },
    // Microsoft's service answers so when a browser is sent too much.
    { status: 406, state: 'transient', problem: 'The push service accepts no more notifications for now.' },
    {
      status: 400,
      problem: 'The push service could not read the notification. Report this to the operator of Pharos.',
    },
  ],
};
