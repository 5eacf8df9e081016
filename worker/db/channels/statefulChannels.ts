import { statefulKinds } from '../../domain/delivery/channelKind.ts';

/** `keepsIncidents` (domain/delivery/channelKind.ts) of the row `channel` of `channels` or `deleted_channels`; NULL where there is none. */
export const isStateful = (channel: string): string =>
  `(${channel}.kind IN (${statefulKinds.map((kind) => `'${kind}'`).join(', ')})
    OR (${channel}.kind = 'pushover' AND ${channel}.settings ->> 'isEmergency' = 1))`;
