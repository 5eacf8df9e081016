import { z } from 'zod';
import type { ChannelKind } from '../../domain/delivery/channelKind.ts';
import type { FieldMeta } from './channel.ts';
import { channels } from './table.ts';

/** One field of a channel's form, as plain data. */
export interface FormField {
  name: string;
  label: string;
  hint: string | null;
  placeholder: string | null;
  type: 'text' | 'multiline' | 'number' | 'checkbox' | 'choice' | 'list' | 'record';
  isSecret: boolean;
  showsOrigin: boolean;
  isRequired: boolean;
  default: unknown;
  options: { value: string; label: string }[] | null;
}

/** The schema's field and what is said of it, through the layers that make it optional. */
const unwrap = (
  schema: z.core.$ZodType,
): { inner: z.core.$ZodType; meta: FieldMeta | undefined; fallback: unknown } => {
  let inner = schema;
  let meta = z.globalRegistry.get(schema) as FieldMeta | undefined;
  let fallback: unknown;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable || inner instanceof z.ZodOptional) {
    if (inner instanceof z.ZodDefault) fallback = inner.def.defaultValue;
    inner = inner.unwrap();
    meta ??= z.globalRegistry.get(inner) as FieldMeta | undefined;
  }
  return { inner, meta, fallback };
};

const typeOf = (schema: z.core.$ZodType, meta: FieldMeta): FormField['type'] => {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'checkbox';
  if (schema instanceof z.ZodEnum) return 'choice';
  if (schema instanceof z.ZodArray) return 'list';
  if (schema instanceof z.ZodRecord) return 'record';
  return meta.isMultiline ? 'multiline' : 'text';
};

/** The form of a kind of channel, derived from its schema. Throws where a field of the schema has no label. */
export const formOf = (kind: ChannelKind): FormField[] => {
  const { shape } = channels[kind].settings({ allowPrivate: true, ownHosts: [] });
  return Object.entries(shape).map(([name, schema]) => {
    const { inner, meta, fallback } = unwrap(schema);
    if (!meta) throw new Error(`The field ${name} of ${kind} has no label.`);
    return {
      name,
      label: meta.label,
      hint: meta.hint ?? null,
      placeholder: meta.placeholder ?? null,
      type: typeOf(inner, meta),
      isSecret: meta.isSecret ?? false,
      showsOrigin: meta.showsOrigin ?? false,
      isRequired: !schema.safeParse(undefined).success,
      default: fallback ?? null,
      options:
        inner instanceof z.ZodEnum
          ? inner.options.map((value) => ({
              value: String(value),
              label: meta.options?.[String(value)] ?? String(value),
            }))
          : null,
    };
  });
};
