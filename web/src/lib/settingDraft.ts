import type { FormField } from '../../../worker/domain/fields/form.ts';
import { numberOf } from './number.ts';

/** Forms of settings that a schema describes: those of channels and of kinds of checks. */

type Row = { name: string; value: string };

/** As typed: text, so that half a number is not lost. */
export type DraftValue = string | boolean | Row[];

export const draftValueOf = (field: Pick<FormField, 'type' | 'options'>, value: unknown): DraftValue => {
  if (field.type === 'checkbox') return value === true;
  if (field.type === 'record')
    return Object.entries((value ?? {}) as Record<string, string>).map(([name, text]) => ({ name, value: text }));
  if (Array.isArray(value)) return value.join('\n');
  if ((value ?? null) === null && field.type === 'choice') return field.options?.[0]?.value ?? '';
  return (value ?? null) === null ? '' : String(value);
};

/** Rows in which something was typed. */
export const filledRows = (rows: readonly Row[]) =>
  rows.filter(({ name, value }) => name.trim() !== '' || value !== '');

const linesOf = (text: string) =>
  text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter(Boolean);

/** In the form of the API; NaN where a number was expected. */
export const settingOf = (field: Pick<FormField, 'type'>, value: DraftValue) => {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return Object.fromEntries(filledRows(value).map((row) => [row.name.trim(), row.value]));
  if (field.type === 'list') return linesOf(value);
  return field.type === 'number' ? numberOf(value) : value;
};
