/** A mail to one recipient, as data: recipients do not see each other. Its texts hold no line breaks where a header would break. */
export interface Mail {
  /** Message-ID, the same in every attempt; ways that make their own do not use it. */
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

interface Sender {
  /** An address, with or without a name; so is `replyTo`, where answers go. */
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
        /** From the first byte (port 465), required after it (port 587), or none, for a server on one's own machine. */
        security: 'tls' | 'starttls' | 'none';
        /** Empty where the server asks for none. */
        username: string;
        password: string;
        /** By which Pharos introduces itself (`ehloName`). */
        ehlo?: string;
      }
  );

/** What a team reads where the operator has not set up how mail leaves. */
export const mailMissing =
  'Pharos has no way to send mail yet: the operator has to configure one (worker/SETTINGS.md).';
