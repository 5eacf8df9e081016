import { isNew, type Reading, Writer } from './reading.ts';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();

/** How bytes are written as digits of `bits` bits each. */
interface Digits {
  bits: number;
  values: ReadonlyMap<string, number>;
  /** Where there may be such digits; what is no digit in it is skipped. */
  runs: RegExp;
}

const valued = (...alphabets: string[]) =>
  new Map(alphabets.flatMap((alphabet) => [...alphabet].map((sign, i): [string, number] => [sign, i])));

const table = Array.from({ length: 64 }, (_, i) => String.fromCharCode(32 + i)).join('');

/** RFC 4648, sections 4 to 7, uuencode, and binary digits. Shorter runs of small letters are words. */
const families: Digits[] = [
  {
    bits: 6,
    values: valued(`${upper}${lower}0123456789+/`, `${upper}${lower}0123456789-_`),
    runs: /[A-Za-z0-9+/_\-\r\n]{6,}/g,
  },
  {
    bits: 5,
    values: valued(`${upper}234567`, `${lower}234567`),
    runs: /[A-Z2-7]{7,}|[a-z2-7]{13,}/g,
  },
  {
    bits: 5,
    values: valued(`0123456789${upper}`, `0123456789${lower}`),
    runs: /[0-9A-V]{7,}|[0-9a-v]{13,}/g,
  },
  { bits: 6, values: valued(table).set('`', 0), runs: /[!-`]{10,}/g },
  { bits: 1, values: valued('01'), runs: /[01][01\s,]{30,}/g },
];

const newRuns = (source: Reading, runs: RegExp) =>
  [...source.text.matchAll(runs)].filter(({ 0: run, index }) => isNew(source, index, index + run.length));

/** Wherever in the digits the first byte begins: up to eight readings. */
function* fromBits(source: Reading, { bits, values, runs }: Digits): Generator<Reading> {
  const found = newRuns(source, runs);
  const offsets = found.length === 0 ? 0 : bits === 6 ? 4 : 8;
  for (let offset = 0; offset < offsets; offset++) {
    const out = new Writer(source);
    let isAtEnd = false;
    for (const { 0: run, index } of found) {
      const places: number[] = [];
      for (let i = 0; i < run.length; i++) if (values.has(run[i] ?? '')) places.push(index + i);
      const valueAt = (i: number) => values.get(source.text[places[i] ?? -1] ?? '') ?? 0;
      for (let bit = offset * bits; bit + 8 <= places.length * bits; bit += 8) {
        const first = Math.floor(bit / bits);
        const last = Math.floor((bit + 7) / bits);
        const shift = (last + 1) * bits - bit - 8;
        let value = 0;
        for (let i = first; i <= last; i++) value = (value << bits) | valueAt(i);
        out.write(String.fromCharCode((value >> shift) & 255), places[first] ?? 0, places[last] ?? 0);
      }
      isAtEnd = source.isAtEnd && index + run.length === source.text.length;
      if (!isAtEnd) out.write('\n', index + run.length - 1, index + run.length - 1);
    }
    yield* out.reading(true, isAtEnd);
  }
}

/** `616263`, `61:62:63`, `61 62 63` and `0x61, 0x62, 0x63`. */
const fromHex = (source: Reading): Reading[] => {
  const runs = newRuns(source, /[0-9a-f]{8,}|(?:[0-9a-f]{2}(?:[\s:,-] ?(?:0x)?)){3,}[0-9a-f]{2}/gi);
  if (runs.length === 0) return [];
  return [0, 1].flatMap((offset) => {
    const out = new Writer(source);
    let isAtEnd = false;
    for (const { 0: run, index } of runs) {
      const places: number[] = [];
      for (let i = 0; i < run.length; i++)
        if (/[0-9a-f]/i.test(run[i] ?? '') && !/^0x/i.test(run.slice(i, i + 2))) places.push(index + i);
      for (let i = offset; i + 1 < places.length; i += 2) {
        const [first = 0, last = 0] = [places[i], places[i + 1]];
        const byte = Number.parseInt(`${source.text[first]}${source.text[last]}`, 16);
        out.write(String.fromCharCode(byte), first, last);
      }
      isAtEnd = source.isAtEnd && index + run.length === source.text.length;
      if (!isAtEnd) out.write('\n', index + run.length - 1, index + run.length - 1);
    }
    return out.reading(true, isAtEnd);
  });
};

/** `[97, 98, 99]`, as buffers are printed; with signs where a byte has one. */
const fromNumbers = (source: Reading): Reading[] => {
  const runs = newRuns(source, /-?\d{1,3}(?:[,;\s]\s{0,3}-?\d{1,3}){3,}[,;\s]*/g);
  if (runs.length === 0) return [];
  const out = new Writer(source);
  let isAtEnd = false;
  for (const { 0: run, index } of runs) {
    isAtEnd = source.isAtEnd && index + run.length === source.text.length;
    for (const { 0: number, index: at } of run.matchAll(/-?\d+/g)) {
      const last = at + number.length;
      // Where the text was cut in a number, its other digits are not known.
      if (isAtEnd && last === run.length) break;
      out.write(String.fromCharCode(Number(number) & 255), index + at, index + last - 1);
    }
    if (!isAtEnd) out.write('\n', index + run.length - 1, index + run.length - 1);
  }
  return out.reading(true, isAtEnd);
};

/** What is written as digits of any kind, as bytes; one by one, because the reader may stop early. */
export function* fromDigits(source: Reading): Generator<Reading> {
  for (const family of families) yield* fromBits(source, family);
  yield* fromHex(source);
  yield* fromNumbers(source);
}
