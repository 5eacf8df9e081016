import type { Services } from '../../services.ts';

/** Who asks, once the session has been checked. */
export interface Actor {
  userId: string;
  teamId: string;
  sessionId: string;
}

/** What Hono handlers find in `c.var` and `c.env`. */
export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    services: Services;
    /** Only behind `requireSession`. */
    actor: Actor;
  };
}
