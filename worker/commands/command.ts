import type { z } from 'zod';
import type { Actor, Member } from '../auth/actor.ts';
import type { AuditAction } from '../domain/teams/audit.ts';
import { invalidRequest } from '../invalidRequest.ts';
import { log } from '../log.ts';
import type { Services } from '../services.ts';

/** The context of a command; `c.var` of a route that requires a session is one. */
export interface Context<A extends Actor = Member> {
  services: Services;
  actor: A;
  requestId: string;
  /** Lets work continue after the response; without it a command awaits all of its work. */
  waitUntil?: (work: Promise<unknown>) => void;
}

/** `unaudited`: why the command leaves no entry in the audit log. */
export type Auditing = { audits: AuditAction | readonly AuditAction[] } | { unaudited: string };

/** A schema, or a function that makes it where it depends on the configuration. */
type SchemaFor<S extends z.ZodType, A extends Actor> = S | ((context: Context<A>) => S);

export interface Command<S extends z.ZodType, R, A extends Actor = Member> {
  (context: Context<A>, input: z.input<S>): Promise<R>;
  schema: SchemaFor<S, A>;
}

const registry = new Map<string, Auditing>();

/** All commands by name, with what each one writes to the audit log. */
export const commands: ReadonlyMap<string, Auditing> = registry;

/**
 * One use case: authorises, parses its input, runs, and is logged. The command throws `forbidden`, `invalid_request`, and the
 * errors of `run`.
 */
export const command = <S extends z.ZodType, R, A extends Actor = Member>(
  name: string,
  auditing: Auditing,
  schema: SchemaFor<S, A>,
  run: (context: Context<A>, input: z.output<S>) => Promise<R>,
): Command<S, R, A> => {
  if (registry.has(name)) throw new Error(`Two commands have the name ${name}`);
  registry.set(name, auditing);
  const perform = async (context: Context<A>, input: z.input<S>): Promise<R> => {
    const { actor, requestId } = context;
    actor.require(name);
    const parsed = (typeof schema === 'function' ? schema(context) : schema).safeParse(input);
    if (!parsed.success) throw invalidRequest(parsed.error.issues);
    const result = await run(context, parsed.data);
    log('command', requestId, { command: name, actor: actor.kind, teamId: actor.teamId });
    return result;
  };
  return Object.assign(perform, { schema });
};
