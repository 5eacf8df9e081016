/**
 * The WHATWG URL class, as far as the domain uses it. Every runtime that Pharos meets has it (workerd, browsers, Node),
 * but TypeScript only knows it as part of a platform, and the domain compiles against none.
 */
declare class URL {
  constructor(url: string, base?: string);
  static canParse(url: string, base?: string): boolean;
  readonly href: string;
  readonly origin: string;
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
  readonly pathname: string;
  readonly search: string;
}
