/**
 * The part that smtp.ts uses of Node's sockets, which the runtime offers, and of nodemailer on top of them. The types of Node
 * itself would bring its globals along, which the runtime does not have.
 */
declare module 'node:net' {
  export interface Socket {
    once(event: 'error', listener: (error: Error) => void): this;
    destroy(): void;
  }
  const net: { connect(options: { host: string; port: number }, onConnect: () => void): Socket };
  export default net;
}

declare module 'node:tls' {
  import type { Socket } from 'node:net';

  const tls: {
    connect(options: { host: string; port: number; servername: string }, onConnect: () => void): Socket;
  };
  export default tls;
}

declare module 'nodemailer/lib/mail-composer' {
  export default class MailComposer {
    constructor(mail: {
      from: string;
      to: string[];
      subject: string;
      text: string;
      html: string;
      headers: Record<string, string>;
      messageId: string;
      replyTo?: string;
    });
    compile(): { build(): Promise<Uint8Array>; getEnvelope(): { from: string | false; to: string[] } };
  }
}

declare module 'nodemailer/lib/smtp-connection' {
  import type { Socket } from 'node:net';

  type Done<T> = (error: Error | null, value?: T) => void;

  export default class SMTPConnection {
    constructor(options: {
      connection: Socket;
      host: string;
      secure: boolean;
      secured: boolean;
      requireTLS: boolean;
      ignoreTLS: boolean;
      name: string;
    });
    once(event: 'error', listener: (error: Error) => void): this;
    once(event: 'end', listener: () => void): this;
    connect(done: () => void): void;
    login(auth: { user: string; pass: string }, done: Done<true>): void;
    send(envelope: { from: string | false; to: string[] }, message: Uint8Array, done: Done<{ response: string }>): void;
    reset(done: Done<true>): void;
    quit(): void;
    close(): void;
  }
}
