import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { formOf } from '../../alerts/channels/form.ts';
import { mergeSettings, openSettings, storeSettings } from '../../alerts/channels/secrets.ts';
import { channels as kinds } from '../../alerts/channels/table.ts';
import { mailMissing } from '../../alerts/mail/mail.ts';
import { testMessage } from '../../alerts/messages/message.ts';
import { askRecipients } from '../../alerts/outbox/askRecipients.ts';
import { confirmedRecipients, noting, suppressed } from '../../alerts/outbox/confirmedRecipients.ts';
import { send } from '../../alerts/outbox/send.ts';
import { addressRulesOf, channelDepsOf } from '../../alerts/outbox/sendDeps.ts';
import { notifyDeletion } from '../../alerts/outbox/sweepChannels.ts';
import { wakeChannels } from '../../alerts/outbox/wake.ts';
import { limitAttempts } from '../../auth/limits.ts';
import { invalidRequest } from '../../commands/invalidRequest.ts';
import { toRemovedFrom } from '../../commands/viewFields.ts';
import type { Config } from '../../config.ts';
import type {
  AttemptResultView,
  ChannelDeletedView,
  ChannelKindView,
  ChannelView,
  Page,
  SettingValue,
} from '../../contract/views.ts';
import {
  type ChannelRow,
  getChannel,
  insertChannel,
  listChannels,
  newChannelId,
  removeChannel,
  updateChannel,
} from '../../db/channels/channels.ts';
import { noteArrival } from '../../db/channels/failingChannels.ts';
import { changedMeanwhile } from '../../db/core/changedMeanwhile.ts';
import { takeAllowance } from '../../db/teams/limits.ts';
import { getTeam } from '../../db/teams/teams.ts';
import { type ChannelKind, channelKinds } from '../../domain/delivery/channelKind.ts';
import { changedFields, changesBetween } from '../../domain/teams/audit.ts';
import { logFailure } from '../../log.ts';
import { carryPolicies, showAlertingChange } from '../escalation/alertingChange.ts';
import type { ApiEnv } from '../http/context.ts';
import { limitWrites, requireSession } from '../http/middleware.ts';
import { decodeCursor, encodeCursor, pageQuery, toPage } from '../http/pagination.ts';
import { validJson, validQuery } from '../http/validate.ts';
import { changeChannelSchema, completeSettings, createChannelSchema } from './channelInput.ts';
import { channelViews } from './channelView.ts';
import { recipients } from './recipients.ts';
import { webPushMissing } from './webPush.ts';

const position = z.strictObject({ createdAt: z.int(), id: z.string() });

type ChannelContext = Context<ApiEnv, '/:id'>;

const ownId = (c: ChannelContext) => ({ teamId: c.var.actor.teamId, id: c.req.param('id') });

const viewOf = async (c: Context<ApiEnv>, row: ChannelRow): Promise<ChannelView> => {
  const [view] = await channelViews(c.var.services, [row]);
  return view as ChannelView;
};

/** After the answer: the cron asks those whose mail does not leave at once. */
const askSoon = (c: Context<ApiEnv>, { kind, teamId }: ChannelRow) => {
  const { services, requestId } = c.var;
  if (kind !== 'email') return;
  const asked = askRecipients(services, { teamId }, requestId).catch((error) =>
    logFailure('delivery', requestId, error, { teamId }),
  );
  c.executionCtx.waitUntil(asked);
};

const settingsOf = ({ id, settings, sealed }: ChannelRow, { encryptionKey }: Config) =>
  openSettings(id, { shown: settings, sealed }, encryptionKey);

/**
 * The settings after a change, which are parsed as a whole: what is not given stays. `fields` names those that are
 * different; their values may be secret.
 */
const changedSettings = async (row: ChannelRow, given: Record<string, unknown>, c: Context<ApiEnv>) => {
  const { services } = c.var;
  const kind = row.kind as ChannelKind;
  const before = await settingsOf(row, services.config);
  const merged = mergeSettings(kind, before, given);
  const parsed = completeSettings(kind, addressRulesOf(services)).safeParse({ settings: merged });
  if (!parsed.success) throw invalidRequest(parsed.error.issues);
  const { settings } = parsed.data;
  return {
    stored: await storeSettings(kind, row.id, settings, services.config.encryptionKey),
    fields: changedFields({ ...blanks(settings), ...before }, settings),
  };
};

/** A field that was not there before counts as changed as well. */
const blanks = (settings: object) => Object.fromEntries(Object.keys(settings).map((field) => [field, undefined]));

/** Where messages go. Secrets in the settings are masked in every answer. */
export const channels = new Hono<ApiEnv>()
  .use(requireSession, limitWrites)
  .post(
    '/',
    validJson((c) => createChannelSchema(addressRulesOf(c.var.services))),
    async (c) => {
      const { services, actor } = c.var;
      const { kind, name, settings, quietHours, join, made } = c.req.valid('json');
      const { teamId, userId } = actor;
      const own = { id: newChannelId(), teamId, userId };
      const stored = await storeSettings(kind, own.id, settings, services.config.encryptionKey);
      const row = await insertChannel(services, { ...own, kind, name, stored, quietHours, join });
      await (join ? carryPolicies(c) : showAlertingChange(c));
      c.header('location', `/api/v1/channels/${row.id}`);
      const view = await viewOf(c, row);
      askSoon(c, row);
      return c.json<ChannelView, 201>(
        { ...view, settings: { ...view.settings, ...(made as typeof view.settings) } },
        201,
      );
    },
  )
  .get('/', validQuery(pageQuery), async (c) => {
    const { services, actor } = c.var;
    const { teamId } = actor;
    const { limit, cursor } = c.req.valid('query');
    const after = decodeCursor(cursor, teamId, position) ?? undefined;
    const rows = await listChannels(services.db, { teamId, limit: limit + 1, after });
    const cursorAfter = ({ createdAt, id }: ChannelRow) => encodeCursor(teamId, { createdAt, id });
    const page = toPage(rows, limit, (row) => row, cursorAfter);
    return c.json<Page<ChannelView>>({ ...page, data: await channelViews(services, page.data) });
  })
  .get('/:id', async (c) => c.json<ChannelView>(await viewOf(c, await getChannel(c.var.services.db, ownId(c)))))
  .patch('/:id', validJson(changeChannelSchema), async (c) => {
    const { services, actor, requestId } = c.var;
    const row = await getChannel(services.db, ownId(c));
    const { name = row.name, settings, quietHours = row.quietHours, updatedAt } = c.req.valid('json');
    if (updatedAt !== undefined && Date.parse(updatedAt) !== row.updatedAt) throw changedMeanwhile('the channel');
    const unchanged = { stored: { shown: row.settings, sealed: row.sealed }, fields: [] };
    const { stored, fields } = settings ? await changedSettings(row, settings, c) : unchanged;
    const changed = await updateChannel(services, row, {
      ...{ userId: actor.userId, name, stored, quietHours },
      changes: [
        ...changesBetween({ name: row.name }, { name }),
        ...[...changedFields({ quietHours: row.quietHours }, { quietHours }), ...fields].map((field) => ({ field })),
      ],
    });
    await wakeChannels(services, [row.id], requestId);
    await showAlertingChange(c);
    askSoon(c, changed);
    return c.json<ChannelView>(await viewOf(c, changed));
  })
  .delete('/:id', async (c) => {
    const { services, actor, requestId } = c.var;
    await notifyDeletion(services, ownId(c), requestId);
    const { policies, people } = await removeChannel(services, { ...ownId(c), userId: actor.userId });
    await wakeChannels(services, [c.req.param('id')], requestId);
    await (policies.length > 0 ? carryPolicies(c) : showAlertingChange(c));
    return c.json<ChannelDeletedView>({
      removedFrom: policies.map(toRemovedFrom),
      people: people.map(({ id, name, channels: left }) => ({ id, name, isReached: left.length > 0 })),
    });
  })
  .post('/:id/test', async (c) => {
    const { services, actor } = c.var;
    const row = await getChannel(services.db, ownId(c));
    await limitAttempts(services.lookLimit, [`test:${row.id}`]);
    await takeAllowance(services, actor.teamId, 'channelTestsPerHour');
    const { name: teamName, timeZone } = await getTeam(services.db, actor.teamId);
    const dashboardUrl = services.config.publicOrigin;
    const now = services.now();
    const message = testMessage({ teamName, timeZone, dashboardUrl }, now);
    const { settings, held } = await confirmedRecipients(services, row, await settingsOf(row, services.config));
    const key = `test:${row.id}:${now}`;
    const {
      retryAfterMs: _,
      repeatsAtMost: __,
      isGone: ___,
      ...result
    } = settings
      ? noting(
          await send(row.kind as ChannelKind, settings, message, key, await channelDepsOf(services, row, settings)),
          held,
        )
      : suppressed(held);
    if (result.state === 'delivered' && result.problem === null && row.failingSince !== null) {
      await noteArrival(services.d1, row.id, now);
      await showAlertingChange(c);
    }
    return c.json<AttemptResultView>(result);
  })
  .route('/', recipients);

/** What the operator has to do before a channel of this kind can send. */
const missingFor = (kind: ChannelKind, { mail, vapid }: Config): string | null => {
  if (kind === 'email' && !mail) return mailMissing;
  if (kind === 'web-push' && !vapid) return webPushMissing;
  return null;
};

/** What channels there are, and what each has to be told. */
export const channelKindList = new Hono<ApiEnv>().use(requireSession).get('/', (c) =>
  c.json<Page<ChannelKindView>>({
    data: channelKinds.map((kind) => ({
      kind,
      label: kinds[kind].label,
      help: kinds[kind].help,
      fields: formOf(kind).map((field) => ({ ...field, default: field.default as SettingValue })),
      missing: missingFor(kind, c.var.services.config),
    })),
    nextCursor: null,
  }),
);
