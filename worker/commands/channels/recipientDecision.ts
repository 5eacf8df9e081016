import type { Auditing } from '../command.ts';

/** For the commands by which a recipient decides. */
export const recipientDecision: Auditing = { unaudited: 'a recipient is no user; the channel shows each decision' };
