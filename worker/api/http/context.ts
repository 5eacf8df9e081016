import type { Member } from '../../auth/actor.ts';
import type { ResponseSchema } from '../../contract/responseSchema.ts';
import type { Services } from '../../services.ts';

/** The types of `c.var` and `c.env` in Hono handlers. */
export interface ApiEnv {
  Bindings: Env;
  Variables: {
    requestId: string;
    services: Services;
    /** Lets work continue after the response. */
    waitUntil: (work: Promise<unknown>) => void;
    /** Only behind `requireSession`. */
    actor: Member;
    /** Schema of the response, set by `reply`. */
    responseSchema?: ResponseSchema;
  };
}
