import { type Answer, isText, jsonOf, type Refusal, type VendorAnswers } from './vendorAnswers.ts';

const buyNumber = 'Enter a number that can send SMS, or a messaging service.';

/** https://www.twilio.com/docs/api/errors */
const explained: Record<number, string> = {
  20003:
    'Twilio rejected the account SID and token. Copy both again from the console; a renewed token replaces the old one.',
  20005: 'The Twilio account is not active. Check it in the console.',
  20404: 'Twilio does not recognize this account SID. Copy it again from the console.',
  21211: 'The recipient’s number is not valid. Check the number and its country code.',
  21212: `The sender’s number is not valid. ${buyNumber}`,
  21214: 'The recipient’s number cannot be reached. Check the number.',
  21408: 'SMS to this country is turned off. Turn it on in the console under Messaging, Geo permissions.',
  21606: `The sender’s number does not belong to this account, or cannot send SMS. ${buyNumber}`,
  21608:
    'A trial account sends only to verified numbers. Verify the recipient’s number in the console, or upgrade the account.',
  21610: 'The recipient has opted out by replying STOP. They have to send START to the sender’s number.',
  21612: 'Twilio cannot send from this number to this recipient. Use another sender.',
  21614: 'The recipient’s number is not a mobile number. Enter one that receives SMS.',
  21617: 'Twilio rejected the message as too long. Report this to the operator of Pharos.',
  21659: `The sender’s number does not belong to this account. ${buyNumber}`,
  21660: `The sender’s number does not belong to this account. ${buyNumber}`,
  21703: 'The messaging service has no number. Add one in the console.',
  21704: 'The messaging service has no number that can send SMS to this recipient. Add one in the console.',
  30002: 'The Twilio account is suspended. Check it in the console.',
  30004: 'The recipient blocks messages from this number. They have to unblock it.',
  30005: 'The recipient’s number is unknown or not in service. Check the number.',
  30006: 'The recipient’s number is a landline or cannot be reached. Enter one that receives SMS.',
  30007: 'The carrier filtered the message as spam. Register the sender in the console, or use another one.',
  30032: 'The toll-free number of the sender is not verified. Verify it in the console.',
  30034: 'The sender’s number is not registered for A2P 10DLC. Register it in the console.',
  90010: 'The Twilio account is not active. Check it in the console.',
};

/** Transient errors. */
const transient: Record<number, string> = {
  20429: 'Twilio accepts no more messages for now.',
  14107: 'Twilio accepts no more messages for now.',
  21611: 'Too many messages are waiting to be sent from this number.',
  30001: 'Too many messages are waiting to be sent from this number.',
  30003: 'The recipient’s phone is off or out of reach.',
  63038: 'The Twilio account has reached its daily number of messages.',
};

/** A 201 response may already name an error. */
const refusal = (code: string, problem: string, state: Refusal['state']): Refusal => ({
  status: 'any',
  says: new RegExp(`"(?:error_)?code"\\s*:\\s*"?${code}\\b`),
  problem: `${problem} Twilio error ${code}.`,
  ...(state && { state }),
});

const isDelivered = (answer: Answer): boolean => {
  const message = jsonOf(answer);
  const isFailed = /^(?:failed|undelivered)$/.test(String(message?.status));
  return answer.status === 201 && isText(message?.sid) && (message?.error_code ?? null) === null && !isFailed;
};

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
export const twilioAnswers: VendorAnswers = {
  vendor: 'Twilio',
  isDelivered,
  repeats: 'seen',
  refusals: [
    ...Object.entries(explained).map(([code, problem]) => refusal(code, problem, 'permanent')),
    ...Object.entries(transient).map(([code, problem]) => refusal(code, problem, 'transient')),
    {
      status: 201,
      says: /"status"\s*:\s*"(?:failed|undelivered)"/,
      problem: 'Twilio could not send the message. Check it in the console.',
    },
    { status: [401, 403], problem: 'Twilio rejected the account SID and token. Copy both again from the console.' },
    { status: 404, problem: 'Twilio does not recognize this account SID. Copy it again from the console.' },
  ],
};
