import { cut } from './text.ts';

/**
 * Templates for the bodies of webhooks: JSON with `{{path}}` in it and nothing else. There are no loops, conditions or calls, so
 * a template always terminates; the names are known, and the result is JSON whatever the values are.
 */

const maxTemplateLength = 16_384;
const maxPlaceholders = 200;
const maxOutputLength = 131_072;

type Placeholder = { path: string[]; isQuoted: boolean };
export type Template = (string | Placeholder)[];

export type ParsedTemplate = { template: Template } | { problem: string };

/** Neither part can match in two ways, so the time is linear in the length. */
const placeholder = /\{\{([^{}]*)\}\}/g;
const pathForm = /^[A-Za-z]\w{0,40}(\.\w{1,40}){0,5}$/;

export const parseTemplate = (text: string): ParsedTemplate => {
  if (text.length > maxTemplateLength)
    return { problem: `A template can have at most ${maxTemplateLength.toLocaleString('en')} characters.` };
  const template: Template = [];
  let isQuoted = false;
  let end = 0;
  for (const found of text.matchAll(placeholder)) {
    const [whole] = found;
    const path = whole.slice(2, -2).trim();
    const between = text.slice(end, found.index);
    const state = quotedAfter(between, isQuoted);
    isQuoted = state.isQuoted;
    if (state.isEscaping)
      return {
        problem: `The backslash before ${whole.slice(0, 60)} would escape the first character of the value. Write \\\\ for a backslash.`,
      };
    if (!pathForm.test(path))
      return { problem: `"${whole.slice(0, 60)}" names no value. Write names such as {{monitor.name}}.` };
    template.push(between, { path: path.split('.'), isQuoted });
    end = found.index + whole.length;
  }
  const rest = text.slice(end);
  if (template.length / 2 > maxPlaceholders) return { problem: `At most ${maxPlaceholders} values in a template.` };
  const isOpen = [...template, rest].some((part) => typeof part === 'string' && part.includes('{{'));
  return isOpen ? { problem: 'A {{ is not closed. Write each value as {{name}}.' } : { template: [...template, rest] };
};

/** Whether `text` ends inside a JSON string, in the middle of an escape that the next text would complete. */
const quotedAfter = (text: string, isQuoted: boolean) => {
  let quoted = isQuoted;
  let escapeEnds = 0;
  for (let i = 0; i < text.length; i++) {
    if (quoted && text[i] === '\\') {
      escapeEnds = i + (text[i + 1] === 'u' ? 6 : 2);
      i++;
    } else if (text[i] === '"') quoted = !quoted;
  }
  return { isQuoted: quoted, isEscaping: quoted && escapeEnds > text.length };
};

/** The value of a path in a template, or undefined; own properties only. */
const valueAt = (values: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    values,
  );

const textOf = (value: unknown) =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/**
 * Between quotation marks a value is text, elsewhere JSON. Every value has its share of the body's limit, so that no message is
 * ever too long to be sent: texts are cut, other values that are longer become null.
 */
export const renderTemplate = (template: Template, values: unknown): string => {
  const literals = template.filter((part) => typeof part === 'string');
  const room = maxOutputLength - literals.join('').length;
  const share = Math.floor(room / Math.max(1, template.length - literals.length));
  return template.map((part) => (typeof part === 'string' ? part : rendered(part, values, share))).join('');
};

const rendered = ({ path, isQuoted }: Placeholder, values: unknown, share: number): string => {
  const value = valueAt(values, path) ?? null;
  if (isQuoted) return inside(textOf(value), share);
  if (typeof value === 'string') return `"${inside(value, share - 2)}"`;
  const json = JSON.stringify(value);
  return json.length <= share ? json : 'null';
};

/** A character takes up to six in JSON. */
const inside = (text: string, share: number): string => {
  const most = JSON.stringify(cut(text, share)).slice(1, -1);
  return most.length <= share ? most : JSON.stringify(cut(text, Math.floor(share / 6))).slice(1, -1);
};

/** The error of a template, or null; `sample` has the fields of a message. */
export const templateProblem = (text: string, sample: unknown): string | null => {
  const parsed = parseTemplate(text);
  if ('problem' in parsed) return parsed.problem;
  const unknown = parsed.template.find((part) => typeof part !== 'string' && valueAt(sample, part.path) === undefined);
  if (unknown && typeof unknown !== 'string')
    return `There is no value {{${unknown.path.join('.')}}}. Valid names: ${names(sample).join(', ')}.`;
  return anyValues.every((value) => isJson(filledWith(parsed.template, value)))
    ? null
    : 'With its values filled in, the template is not valid JSON. Put strings in quotation marks, with nothing else beside the value.';
};

/** One message of each type: if all of them fit, so does every event. */
const anyValues = ['null', '""', '0', '[]', '{}'];

const filledWith = (template: Template, value: string) =>
  template.map((part) => (typeof part === 'string' ? part : part.isQuoted ? 'x' : value)).join('');

export const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** The names that a template can use: for lists, only the list itself. */
const names = (value: unknown, prefix = ''): string[] =>
  Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? names(inner, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );
