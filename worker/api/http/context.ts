import type { Member } from '../../auth/actor.ts';
import type { ResponseSchema } from '../../contract/responseSchema.ts';
import type { Services } from '../../services.ts';

/** What Hono handlers find in `c.var` and `c.env`. */
export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    services: Services;
    /** Lets work continue after the response. */
    waitUntil: (work: Promise<unknown>) => void;
    /** Only behind `requireSession`. */
    actor: Member;
    /** Of the response that was sent, by `reply`. */
    responseSchema?: ResponseSchema;
  };
}
