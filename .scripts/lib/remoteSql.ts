/**
 * What stands in the way of D1's remote endpoint. `wrangler d1 migrations apply --remote` sends a migration as one text,
 * which the server splits by rules of its own. A semicolon or a quotation mark in a comment misleads it
 * (github.com/cloudflare/workers-sdk/issues/3892 and 4713), and so do `begin` in small letters (15314), CRLF in a trigger
 * (14991) and a comment in place of a statement (4767). Local D1 takes all of them.
 */

type Kind = 'blank' | 'comment' | 'quoted' | 'word' | 'end' | 'other';

interface Token {
  kind: Kind;
  text: string;
}

/** SQLite's own tokens, as far as they matter here. https://www.sqlite.org/lang_comment.html */
const forms: [kind: Kind, form: RegExp][] = [
  ['blank', /[ \t\r\n\f]+/y],
  ['comment', /--[^\n]*|\/\*.*?(?:\*\/|$)/sy],
  ['quoted', /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/y],
  ['word', /[\w$\u0080-\uffff]+/y],
  ['end', /;/y],
];

const tokensOf = (sql: string): Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const found = forms.map(([kind, form]) => ({ kind, text: matchAt(form, sql, at) })).find(({ text }) => text !== '');
    const token = found ?? { kind: 'other', text: sql.charAt(at) };
    if (!found && /['"`[]/.test(token.text)) throw new Error(`a quotation mark has no end: ${sql.slice(at, at + 40)}`);
    if (/^\[.*[;'"`]/s.test(token.text))
      throw new Error(`D1 does not know brackets for a name: ${token.text}. Quote it.`);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
};

const matchAt = (form: RegExp, text: string, at: number): string => {
  form.lastIndex = at;
  return form.exec(text)?.[0] ?? '';
};

const isWord = (token: Token | undefined, ...words: string[]) =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());

/** Without comments; what was between two tokens is blank. */
const withoutComments = (tokens: Token[]): Token[] =>
  tokens.map((token) => (token.kind === 'comment' ? { kind: 'blank', text: ' ' } : token));

const isTrigger = (statement: Token[]): boolean => {
  const [first, second, third] = statement.filter(({ kind }) => kind !== 'blank');
  return isWord(first, 'CREATE') && isWord(isWord(second, 'TEMP', 'TEMPORARY') ? third : second, 'TRIGGER');
};

/** Whether the semicolon at its end is the statement's. A trigger ends with the END that follows a semicolon: SQLite wants one behind each of its commands. */
const isComplete = (statement: Token[]): boolean => {
  const [, before, beforeThat] = statement.filter(({ kind }) => kind !== 'blank').reverse();
  return !isTrigger(statement) || (isWord(before, 'END') && beforeThat?.kind === 'end');
};

/** Each with its semicolon; what has no word in it is none. */
const statementsOf = (tokens: Token[]): Token[][] => {
  const statements: Token[][] = [];
  let statement: Token[] = [];
  for (const token of [...tokens, { kind: 'end' as const, text: ';' }]) {
    statement.push(token);
    if (token.kind !== 'end' || !isComplete(statement)) continue;
    statements.push(statement);
    statement = [];
  }
  if (statement.some(({ kind }) => kind !== 'blank' && kind !== 'end')) throw new Error('a trigger has no END;');
  return statements.filter((one) => one.some(({ kind }) => kind !== 'blank' && kind !== 'end'));
};

/** The remote endpoint takes the first END of a trigger for its last, so that one with CASE would be cut. */
const textOf = (statement: Token[]): string => {
  const trigger = isTrigger(statement);
  if (trigger && statement.some((token) => isWord(token, 'CASE')))
    throw new Error('a trigger uses CASE … END, at which D1 would cut it. Use iif(), or the WHEN of the trigger.');
  const blank = (text: string) => (!trigger && text.includes('\n') ? '\n' : ' ');
  return statement
    .map((token) => {
      if (token.kind === 'blank') return blank(token.text);
      return trigger && isWord(token, 'BEGIN', 'END') ? token.text.toUpperCase() : token.text;
    })
    .join('')
    .replace(/^\s+/, '');
};

/**
 * The same statements in a form that D1's remote endpoint splits as SQLite does: without comments, each trigger on one line,
 * and with a semicolon behind each. Throws where there is no such form.
 */
export const toRemoteSql = (sql: string): string =>
  statementsOf(withoutComments(tokensOf(sql.replace(/^\ufeff/, ''))))
    .map((statement) => `${textOf(statement)}\n`)
    .join('');
