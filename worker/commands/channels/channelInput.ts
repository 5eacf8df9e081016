import { z } from 'zod';
import { formOf } from '../../alerts/channels/form.ts';
import { nothingStored, type Settings } from '../../alerts/channels/secrets.ts';
import { channels } from '../../alerts/channels/table.ts';
import { cut } from '../../alerts/messages/text.ts';
import type { AddressRules } from '../../alerts/outbox/address.ts';
import { type ChannelKind, channelKinds } from '../../domain/delivery/channelKind.ts';
import { quietHoursSchema } from '../../domain/delivery/quietHoursSchema.ts';
import { nameField } from '../../domain/fields/name.ts';
import { maskedSecret } from '../../domain/monitors/monitor.ts';

const name = nameField('channel');

const settings = z.record(z.string(), z.unknown(), 'The settings must be an object, such as {"url": "https://…"}.');

/** The quiet hours; null for none. */
const quietHours = quietHoursSchema.nullable();

/** The stored settings of a kind; every problem has the name of its field. */
const parseSettings = (kind: ChannelKind, given: Settings, rules: AddressRules, ctx: z.RefinementCtx): Settings => {
  const parsed = channels[kind].settings(rules).safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const value = valueAt(given, issue.path);
    const isMask = typeof value === 'string' && value.includes(maskedSecret);
    const [name] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const message = isMask ? nothingStored : name === undefined ? issue.message : unknownSetting(kind, name);
    ctx.addIssue({ code: 'custom', path: ['settings', ...issue.path, ...(name === undefined ? [] : [name])], message });
  }
  return z.NEVER;
};

const valueAt = (settings: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], settings);

const unknownSetting = (kind: ChannelKind, name: string) =>
  `“${cut(name, 60)}” is not a setting of this kind. Valid settings: ${formOf(kind)
    .map((field) => field.name)
    .join(', ')}.`;

export const createChannelSchema = (rules: AddressRules) =>
  z
    .strictObject({
      kind: z.enum(channelKinds, `The kind must be one of ${channelKinds.join(', ')}.`),
      name,
      settings,
      quietHours: quietHours.default(null),
      /** Whether it joins the first step of the team's default policy. */
      join: z.boolean('"join" must be true or false.').default(true),
    })
    .transform((given, ctx) => {
      const made = Object.entries(channels[given.kind].made?.() ?? {}).filter(
        ([key]) => !Object.hasOwn(given.settings, key),
      );
      const complete = { ...given.settings, ...Object.fromEntries(made) };
      return { ...given, settings: parseSettings(given.kind, complete, rules, ctx), made: Object.fromEntries(made) };
    });

/** The changed settings only; they are parsed once they are complete (`completeSettings`). */
export const changeChannelSchema = z
  .strictObject({
    name,
    settings,
    quietHours,
    kind: z.undefined('The kind of a channel cannot change. Create a new channel and delete this one.'),
    /** As it was read: nothing changes where somebody else was faster. */
    updatedAt: z.iso.datetime('"updatedAt" must be the value that you read, such as 2026-01-31T12:00:00.000Z.'),
  })
  .partial();

/** Settings after a change. */
export const completeSettings = (kind: ChannelKind, rules: AddressRules) =>
  z
    .strictObject({ settings })
    .transform((given, ctx) => ({ settings: parseSettings(kind, given.settings, rules, ctx) }));
