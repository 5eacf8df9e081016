import { z } from 'zod';

/** `.meta()` of a schema's field: how forms show it. */
export interface FieldMeta {
  label: string;
  hint?: string;
  placeholder?: string;
  /** Sealed at rest, and masked ever after. Of a record its values are. */
  isSecret?: boolean;
  /** Of a secret address that may lie anywhere the origin stays readable. */
  showsOrigin?: boolean;
  isMultiline?: boolean;
  /** What the options of a choice are called. */
  options?: Record<string, string>;
}

/** One field of a form, as plain data. */
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

type Shape = Readonly<Record<string, z.ZodType>>;

/** The schema's field and its meta data, through the layers that make it optional. */
const unwrap = (schema: z.core.$ZodType) => {
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

/** The form of a strict object with these fields. Throws where a field has no label. */
export const formFieldsOf = (shape: Shape): FormField[] =>
  Object.entries(shape).map(([name, schema]) => {
    const { inner, meta, fallback } = unwrap(schema);
    if (!meta) throw new Error(`The field ${name} has no label.`);
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
      options: inner instanceof z.ZodEnum ? optionsOf(inner, meta) : null,
    };
  });

const optionsOf = ({ options }: z.ZodEnum, meta: FieldMeta) =>
  options.map((value) => ({ value: String(value), label: meta.options?.[String(value)] ?? String(value) }));
