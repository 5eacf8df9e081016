/** A browser or program that is signed in. */
export interface SessionView {
  id: string;
  /** The one that asks. */
  isCurrent: boolean;
  /** An IPv4 address, or the /64 of an IPv6 address; null: not known. */
  network: string | null;
  /** As the client calls itself, at most 300 characters; null: not known. */
  userAgent: string | null;
  createdAt: string;
  /** When it was renewed last, which a client in use does every ten minutes. */
  usedAt: string;
  expiresAt: string;
}
