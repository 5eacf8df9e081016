import { maskSettings } from '../../alerts/channels/secrets.ts';
import type { ChannelView, RecipientView, SettingValue } from '../../contract/views.ts';
import type { ChannelRow } from '../../db/channels/channels.ts';
import { listRecipients, type RecipientRow } from '../../db/channels/recipients.ts';
import { isGone } from '../../db/channels/subscriptions.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { askAgainAfterMs } from '../../domain/delivery/recipient.ts';
import { emailKey } from '../../domain/teams/account.ts';
import { toIsoTime, toIsoTimeOrNull } from '../../domain/time/toIsoTime.ts';
import type { Services } from '../../services.ts';

/** The first mail was not sent yet, and nothing failed: there is nothing to send again. */
const isOnItsWay = ({ askDueAt, askedAt, problem }: RecipientRow) =>
  askDueAt !== null && askedAt === null && problem === null;

export const toRecipientView = (row: RecipientRow): RecipientView => ({
  address: row.address,
  state: row.state,
  askedAt: toIsoTimeOrNull(row.askedAt),
  leftAt: row.state === 'left' ? toIsoTimeOrNull(row.decidedAt) : null,
  askAgainFrom:
    row.state === 'waiting' && !isOnItsWay(row)
      ? toIsoTime(row.askedAt === null ? 0 : row.askedAt + askAgainAfterMs)
      : null,
  receivesUntil: row.state === 'waiting' ? toIsoTimeOrNull(row.graceUntil) : null,
  problem: row.problem,
  triesAgainAt: row.state === 'waiting' && row.problem !== null ? toIsoTimeOrNull(row.askDueAt) : null,
});

export const addressesOf = ({ kind, settings }: Pick<ChannelRow, 'kind' | 'settings'>): string[] =>
  kind === 'email' && Array.isArray(settings.to) ? settings.to.map(String) : [];

/** Addresses as the channel names them; none is missing, because they are written with the channel. */
const recipientsOf = (channel: ChannelRow, rows: readonly RecipientRow[]) => {
  if (channel.kind !== 'email') return null;
  const { teamId } = channel;
  return addressesOf(channel).map((address): RecipientView => {
    const row = rows.find(({ addressKey }) => addressKey === emailKey(address));
    const none = { teamId, addressKey: '', askDueAt: null, askAttempts: 0, askedAt: null, problem: null } as const;
    return {
      ...toRecipientView(row ?? { ...none, address, state: 'waiting', decidedAt: null, graceUntil: null }),
      address,
    };
  });
};

const toChannelView = (row: ChannelRow, recipients: readonly RecipientRow[]): ChannelView => ({
  id: row.id,
  kind: row.kind as ChannelKind,
  name: row.name,
  settings: maskSettings(row.kind as ChannelKind, row.settings) as Record<string, SettingValue>,
  failing:
    row.failingSince === null
      ? null
      : {
          since: toIsoTime(row.failingSince),
          problem: row.failure ?? 'The last alert was not delivered.',
          keepsFailing: row.failureNotifiedAt !== null,
        },
  isGone: isGone(row),
  quietHours: row.quietHours,
  lastDeliveredAt: toIsoTimeOrNull(row.deliveredAt),
  recipients: recipientsOf(row, recipients),
  createdAt: toIsoTime(row.createdAt),
  updatedAt: toIsoTime(row.updatedAt),
});

/** Channels of one team, with the decisions of their recipients, in one query for all of them. */
export const readChannelViews = async ({ d1 }: Services, rows: readonly ChannelRow[]): Promise<ChannelView[]> => {
  const keys = [...new Set(rows.flatMap(addressesOf).map(emailKey))];
  const recipients = await listRecipients(d1, rows[0]?.teamId ?? '', keys);
  return rows.map((row) => toChannelView(row, recipients));
};

export const readChannelView = async (services: Services, row: ChannelRow): Promise<ChannelView> =>
  (await readChannelViews(services, [row]))[0] as ChannelView;
