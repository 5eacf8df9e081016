/** A mail as data. Its texts hold no line breaks where a header would break. */
export interface Mail {
  kind: 'mail';
  /** Message-ID, the same in every attempt; ways that make their own do not use it. */
  id: string;
  to: string[];
  subject: string;
  text: string;
  html: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

/** How mail leaves, chosen by the operator's configuration. `from` is an address, with or without a name. */
export type MailTransport =
  | { kind: 'cloudflare'; from: string; binding: SendEmail }
  | { kind: 'resend'; from: string; apiKey: string }
  | {
      kind: 'smtp';
      from: string;
      host: string;
      port: number;
      /** From the first byte (port 465), required after it (port 587), or none, for a server on one's own machine. */
      security: 'tls' | 'starttls' | 'none';
      /** Empty where the server asks for none. */
      username: string;
      password: string;
    };

/** What a team reads where the operator has not set up how mail leaves. */
export const mailMissing = 'Pharos has no way to send mail yet: the operator has to configure one (README).';
