import { z } from 'zod';
import type { AddressRules } from '../alerts/address.ts';
import type { Settings } from '../alerts/channels/secrets.ts';
import { channels } from '../alerts/channels/table.ts';
import { type ChannelKind, channelKinds } from '../domain/channelKind.ts';

const name = z
  .string('Give the channel a name.')
  .trim()
  .min(1, 'Give the channel a name.')
  .max(100, 'A name is at most 100 characters long.');

const settings = z.record(z.string(), z.unknown(), 'Give the settings as an object, such as {"url": "https://…"}.');

/** The settings of a kind as they are stored; every problem is named by its field. */
const parseSettings = (kind: ChannelKind, given: Settings, rules: AddressRules, ctx: z.RefinementCtx): Settings => {
  const parsed = channels[kind].settings(rules).safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues)
    ctx.addIssue({ code: 'custom', path: ['settings', ...path], message });
  return z.NEVER;
};

export const createChannelSchema = (rules: AddressRules) =>
  z
    .strictObject({
      kind: z.enum(channelKinds, `The kind is one of ${channelKinds.join(', ')}.`),
      name,
      settings,
      /** Whether it joins the first step of the team's default policy. */
      join: z.boolean('Whether the channel joins the default policy is true or false.').default(true),
    })
    .transform((given, ctx) => ({ ...given, settings: parseSettings(given.kind, given.settings, rules, ctx) }));

/** Of settings only what changes is given, so they are parsed once they are complete (`completeSettings`). */
export const changeChannelSchema = z.strictObject({ name, settings }).partial();

/** Settings after a change. */
export const completeSettings = (kind: ChannelKind, rules: AddressRules) =>
  z
    .strictObject({ settings })
    .transform((given, ctx) => ({ settings: parseSettings(kind, given.settings, rules, ctx) }));
