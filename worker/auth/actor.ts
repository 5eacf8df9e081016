/** Who asks, once the session has been checked. */
export interface Actor {
  userId: string;
  teamId: string;
  sessionId: string;
}
