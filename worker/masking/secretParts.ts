/**
 * Parts of a monitor's header or body that a target may quote alone: the values in JSON, a form, XML, multipart, lines such
 * as `name: value`, and credentials. Names of fields are not included, since evidence is full of them.
 */

/** Parts of a whole are words as often as secrets; the whole is masked at any length. */
const minLength = 4;
const maxDepth = 4;
const maxParts = 1_000;

/** The parts of these texts; null where there are too many to search. */
export const partsOf = (texts: readonly string[]): string[] | null => {
  const found = new Set<string>();
  let level = [...texts];
  for (let depth = 0; depth < maxDepth; depth++) {
    const inner = level
      .flatMap(split)
      .map((part) => part.trim())
      .filter((part) => part.length >= minLength && !found.has(part));
    for (const part of inner) found.add(part);
    if (found.size > maxParts) return null;
    level = [...new Set(inner)];
  }
  return [...found];
};

const split = (text: string): string[] => {
  const trimmed = text.trim();
  return [trimmed, ...(leavesOf(trimmed) ?? (trimmed.includes('\n') ? inLines(trimmed) : inLine(trimmed)))].filter(
    (part) => part !== text,
  );
};

/** The values in JSON; null where it is none, or a value by itself. */
const leavesOf = (text: string): string[] | null => {
  if (!/^[[{"]/.test(text)) return null;
  try {
    return leaves(JSON.parse(text));
  } catch {
    return null;
  }
};

const leaves = (value: unknown): string[] => {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
};

/** What stands in quotation marks, but for names: those in front of a colon, and what attributes such as `name` say. */
const quotedIn = (text: string, mark: '"' | "'"): string[] => {
  const found: string[] = [];
  for (let from = text.indexOf(mark); from >= 0; from = text.indexOf(mark, from)) {
    let to = from + 1;
    while (to < text.length && text[to] !== mark) to += text[to] === '\\' ? 2 : 1;
    // One that is never closed would be searched for again and again.
    if (to >= text.length) break;
    const isName = /\b(?:name|filename|version|encoding|xmlns(?::[\w-]{1,32})?)=$/.test(
      text.slice(Math.max(0, from - 40), from),
    );
    if (!isName && !/^\s{0,8}:/.test(text.slice(to + 1, to + 10))) found.push(text.slice(from + 1, to));
    from = to + 1;
  }
  return found;
};

const inText = (text: string): string[] => [
  ...quotedIn(text, '"'),
  ...quotedIn(text, "'"),
  ...[...text.matchAll(/(?:>|<!\[CDATA\[)([^<>\]]+)(?=<|\]\]>)/g)].map(([, node = '']) => node),
];

const inLines = (text: string): string[] => [...inText(text), ...text.split(/\r?\n/)];

const inLine = (text: string): string[] => {
  const [, scheme, credentials] = /^([A-Za-z][\w-]*) +(\S.*)$/.exec(text) ?? [];
  return [
    ...inText(text),
    ...(credentials ? [credentials] : []),
    ...pairsIn(text),
    ...(scheme ? [] : colonIn(text)),
    ...(fromBase64(text) ?? []),
  ];
};

/** `a=b; c=d`, and the values of a form. */
const pairsIn = (text: string): string[] =>
  text.includes('=') && !text.includes('<')
    ? [
        ...text.split(/[;,&] */).flatMap((pair) => /^(?!(?:file)?name=")[^=]+=(.+)$/.exec(pair)?.[1] ?? []),
        ...(/[\s"]/.test(text) ? [] : new URLSearchParams(text).values()),
      ]
    : [];

/** `name: value` and `user:password`; without a password the user is the key. */
const colonIn = (text: string): string[] => {
  const [, name, value] = /^([\w.@+-]+):(.*)$/.exec(text) ?? [];
  return name === undefined ? [] : [value || name];
};

/** Only where it says something: nearly every word passes for base64. */
const fromBase64 = (text: string): string[] | null => {
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(text)) return null;
  try {
    const plain = atob(text);
    return /^[\x20-\x7e]+$/.test(plain) ? [plain] : null;
  } catch {
    return null;
  }
};
