import type { RecipientResult } from '../../domain/delivery/recipientProgress.ts';

/** The command that a mail server refused: before any mail, the sender, the recipient, or the mail itself. */
export type SmtpStage = 'session' | 'login' | 'sender' | 'recipient' | 'data';

type Explained = Pick<RecipientResult, 'state' | 'problem'>;

/** `5.7.1` of `550 5.7.1 …`. https://www.rfc-editor.org/rfc/rfc3463 */
const enhancedCode = (reply: string) => /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(reply.trim())?.[1] ?? null;

/**
 * Meaning of a refusing reply, and how to fix it: 4xx is transient, 5xx permanent (RFC 5321, 4.2.1). The codes are of RFC 5321
 * and RFC 4954, the enhanced ones of RFC 3463.
 */
export const explainReply = (code: number, reply: string, stage: SmtpStage): Explained => {
  const enhanced = enhancedCode(reply);
  const named = `(${[code, enhanced].filter(Boolean).join(' ')})`;
  if (code < 500) return { state: 'transient', problem: transient(enhanced, named) };
  return { state: 'permanent', problem: permanent(code, enhanced, stage, named) };
};

const transient = (enhanced: string | null, named: string) =>
  enhanced === '4.2.2' ? `The mailbox is temporarily full ${named}.` : `The mail server asks to wait ${named}.`;

const permanent = (code: number, enhanced: string | null, stage: SmtpStage, named: string): string => {
  if (code === 530)
    return `The mail server requires a user name and password, or encryption ${named}. The operator has to check SMTP_URL.`;
  if (stage === 'login' || code === 534 || code === 535 || code === 538)
    return `The mail server rejected the user name and password ${named}. The operator has to check SMTP_URL.`;
  if (stage === 'session')
    return `The mail server rejected the connection ${named}. The operator has to check SMTP_URL.`;
  const isPolicy = enhanced?.startsWith('5.7.') ?? false;
  if (stage === 'sender')
    return `The mail server rejected the sender ${named}. The operator has to allow the address in MAIL_FROM there, or change it.`;
  if (isPolicy && stage === 'recipient')
    return `The mail server may not send to this address, or not for this sender ${named}. The operator has to check the rules of the mail server and MAIL_FROM.`;
  if (code === 552 && stage === 'recipient') return `The mailbox is full ${named}. Its owner has to make room.`;
  if (code === 552) return `The mail is too large for the mail server ${named}.`;
  if (stage === 'data')
    return `The mail server rejected the mail as spam or by policy ${named}. The operator has to ask the administrator of that server.`;
  if (code === 521 || code === 556) return `The domain accepts no mail ${named}. Correct or remove the address.`;
  if (code === 554)
    return `The mail server accepts no mail for this address ${named}. The operator has to ask the administrator of that server.`;
  return `The mailbox does not exist ${named}. Correct or remove the address.`;
};
