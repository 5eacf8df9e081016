import type { PropsWithChildren } from 'hono/jsx';
import { style } from './style.ts';

/** A whole document, readable without script, in one response. */
export const Layout = ({ title, children }: PropsWithChildren<{ title: string }>) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>{title}</title>
      <link rel="icon" href="data:," />
      {/* Unescaped: escaping would change its hash. */}
      <style dangerouslySetInnerHTML={{ __html: style }} />
    </head>
    <body>
      {children}
      <footer>Powered by Pharos</footer>
    </body>
  </html>
);

let hash: Promise<string> | null = null;

/** Allows the one style sheet in the document, the configured targets of forms, and nothing else. */
export const contentSecurityPolicy = async (formAction: "'none'" | "'self'" = "'none'"): Promise<string> => {
  hash ??= crypto.subtle.digest('SHA-256', new TextEncoder().encode(style)).then((digest) => {
    return btoa(String.fromCharCode(...new Uint8Array(digest)));
  });
  return `default-src 'none'; style-src 'sha256-${await hash}'; img-src data:; base-uri 'none'; form-action ${formAction}; frame-ancestors 'none'`;
};
