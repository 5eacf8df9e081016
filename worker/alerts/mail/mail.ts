/**
 * A mail to one recipient, as data: recipients do not see each other. Its texts contain no line breaks that would break a
 * header.
 */
export interface Mail {
  /** Message-ID, the same in every attempt; transports that generate their own ignore it. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

interface Sender {
  /** An address, with or without a name; so is `replyTo`, the address for replies. */
  from: string;
  replyTo?: string;
}

/** How mail leaves, chosen by the operator's configuration. */
export type MailTransport = Sender &
  (
    | { kind: 'cloudflare'; binding: SendEmail }
    | { kind: 'resend'; apiKey: string }
    | {
        kind: 'smtp';
        host: string;
        port: number;
        /** From the first byte (port 465), required after it (port 587), or none, for a server on the same machine. */
        security: 'tls' | 'starttls' | 'none';
        /** Empty where the server requires none. */
        username: string;
        password: string;
        /** The name by which Pharos introduces itself (`ehloName`). */
        ehlo?: string;
      }
  );

/** The error for a team whose operator has not configured mail. */
export const mailMissing =
  'Pharos has no way to send mail yet: the operator has to configure one (worker/SETTINGS.md).';
