import { mergeSettings, type Settings, storeSettings } from '../../alerts/channels/secrets.ts';
import { addressRulesOf } from '../../alerts/outbox/sendDeps.ts';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { type ChannelRow, getChannel, updateChannel } from '../../db/channels/channels.ts';
import { versionConflict } from '../../db/core/versionConflict.ts';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import { type AuditChange, changedNames, changesBetween } from '../../domain/teams/audit.ts';
import { invalidRequest } from '../../invalidRequest.ts';
import type { Services } from '../../services.ts';
import { actOn } from '../actOn.ts';
import { command } from '../command.ts';
import { alertingChanged } from '../escalation/alertingChanged.ts';
import { askNewRecipients, channelIdField, readSettings } from './channelChanged.ts';
import { changeChannelSchema, completeSettings } from './channelInput.ts';
import { readChannelView } from './channelView.ts';

/**
 * Omitted settings stay, and so do masked ones. Throws `not_found`, and `version_conflict` where somebody else changed the channel
 * since `updatedAt`.
 */
export const changeChannel = command(
  'channel.change',
  { audits: 'channel.changed' },
  changeChannelSchema.extend({ channelId: channelIdField }),
  async (context, { channelId, updatedAt, settings, ...change }) => {
    const { services, actor, requestId } = context;
    const row = await getChannel(services.db, actOn(context, channelId));
    if (updatedAt !== undefined && Date.parse(updatedAt) !== row.updatedAt) throw versionConflict('the channel');
    const { name = row.name, quietHours = row.quietHours } = change;
    const { stored, changes } = await changedSettings(services, row, settings);
    const changed = await updateChannel(services, row, {
      ...{ userId: actor.userId, name, stored, quietHours },
      changes: [
        ...changesBetween({ name: row.name }, { name }),
        ...changedNames({ quietHours: row.quietHours }, { quietHours }),
        ...changes,
      ],
    });
    await wakeChannels(services, [channelId], requestId);
    await alertingChanged(context);
    await askNewRecipients(context, changed);
    return readChannelView(services, changed);
  },
);

/** The settings after a change, parsed as a whole. The changes omit values, which may be secret. */
const changedSettings = async (services: Services, row: ChannelRow, given: Settings | undefined) => {
  if (!given) return { stored: { shown: row.settings, sealed: row.sealed }, changes: [] };
  const kind = row.kind as ChannelKind;
  const before = await readSettings(services, row);
  const merged = mergeSettings(kind, before, given);
  const parsed = completeSettings(kind, addressRulesOf(services)).safeParse({ settings: merged });
  if (!parsed.success) throw invalidRequest(parsed.error.issues);
  const { settings } = parsed.data;
  return {
    stored: await storeSettings(kind, row.id, settings, services.config.encryptionKey),
    changes: settingChanges(before, settings),
  };
};

/** A setting that did not exist before counts as changed. */
const settingChanges = (before: Settings, after: Settings): AuditChange[] => {
  const unset = Object.fromEntries(Object.keys(after).map((name) => [name, undefined]));
  return changedNames({ ...unset, ...before }, after);
};
