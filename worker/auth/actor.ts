import { PharosError } from '../errors.ts';

/** Of a session, as its access token names it. */
export interface SessionIdentity {
  userId: string;
  teamId: string;
  sessionId: string;
}

interface Permissions {
  can(command: string): boolean;
  /** Throws `forbidden`. */
  require(command: string): void;
}

/** A user of the team, by a session. */
export type Member = { kind: 'member' } & SessionIdentity & Permissions;

/** A person who opened the link to an incident in a message of the channel `through`. Which person is not known. */
export type LinkHolder = {
  kind: 'link';
  teamId: string;
  userId: null;
  incidentId: string;
  through: string;
} & Permissions;

/** A recipient of mail, proven by the link in it. */
export type Recipient = { kind: 'recipient'; teamId: string; userId: null; addressKey: string } & Permissions;

/** From where a person without a session asks. */
export interface Origin {
  /** Of the client (`addressKey`). */
  network: string;
  /** What the client calls itself. */
  userAgent?: string | undefined;
  /** Cookie of a browser that has signed in before. */
  device?: string | undefined;
}

/** A person without a session. */
export type Visitor = { kind: 'visitor'; teamId: null; userId: null; origin: Origin } & Permissions;

export type Actor = Member | LinkHolder | Recipient | Visitor;

/** Commands by the kind of actor that may run them. */
const permissions: Record<Actor['kind'], 'all' | readonly string[]> = {
  member: 'all',
  link: ['incident.acknowledge'],
  recipient: ['recipient.confirm', 'recipient.refuse', 'recipient.leave'],
  visitor: ['account.sign-up', 'account.sign-in', 'account.sign-out', 'session.refresh'],
};

const permissionsOf = (kind: Actor['kind']): Permissions => {
  const granted = permissions[kind];
  const can = (command: string) => granted === 'all' || granted.includes(command);
  return {
    can,
    require: (command) => {
      if (!can(command)) throw new PharosError('forbidden', 'You are not allowed to do this.');
    },
  };
};

export const memberOf = (identity: SessionIdentity): Member => ({
  kind: 'member',
  ...identity,
  ...permissionsOf('member'),
});

export const linkHolder = (link: Pick<LinkHolder, 'teamId' | 'incidentId' | 'through'>): LinkHolder => ({
  ...{ kind: 'link', userId: null, ...link },
  ...permissionsOf('link'),
});

export const recipientOf = ({ teamId, addressKey }: { teamId: string; addressKey: string }): Recipient => ({
  ...{ kind: 'recipient', teamId, userId: null, addressKey },
  ...permissionsOf('recipient'),
});

export const visitorFrom = (origin: Origin): Visitor => ({
  ...{ kind: 'visitor', teamId: null, userId: null, origin },
  ...permissionsOf('visitor'),
});
