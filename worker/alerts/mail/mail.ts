/** A mail as data. Its texts hold no line breaks where a header would break. */
export interface Mail {
  kind: 'mail';
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
      /** TLS from the first byte (port 465); otherwise STARTTLS is required (port 587). */
      isTls: boolean;
      username: string;
      password: string;
    };
