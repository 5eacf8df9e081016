import type { Context } from './command.ts';

/** For database functions: an object of the team, and the user who acts on it. */
export const actOn = ({ actor: { teamId, userId } }: Context, id: string) => ({ teamId, userId, id });
