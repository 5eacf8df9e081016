/**
 * Writes worker/auth/bcrypt.wasm: the WASI build of @node-rs/bcrypt with an ordinary memory in place of a shared one.
 * workerd compiles modules only at deploy time and allows no shared memory, and the build imports exactly one. The code
 * itself spawns no threads for the synchronous calls, so nothing else has to change.
 * The binary format: https://webassembly.github.io/spec/core/binary/modules.html#import-section
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = createRequire(import.meta.url).resolve('@node-rs/bcrypt-wasm32-wasi/bcrypt.wasm32-wasi.wasm');
const target = new URL('../worker/auth/bcrypt.wasm', import.meta.url);

const importSection = 2;
const kinds = { function: 0, table: 1, memory: 2, global: 3 };
const limitsShared = 3; // has a maximum, is shared
const limitsPlain = 1; // has a maximum

const bytes = readFileSync(source);
let at = 0;

const fail = (what) => {
  throw new Error(`${source} is not as expected: ${what}. Has @node-rs/bcrypt-wasm32-wasi been updated?`);
};

const readUnsigned = () => {
  for (let value = 0, shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++] ?? fail('it ends too early');
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return fail(`there is no number at byte ${at}`);
};

const skipName = () => {
  const length = readUnsigned();
  at += length;
};

const skipLimits = () => {
  const flags = bytes[at++];
  readUnsigned();
  if (flags & 1) readUnsigned();
};

const skipDescription = (kind) => {
  if (kind === kinds.table || kind === kinds.global) at++; // the type of its values
  if (kind === kinds.function) readUnsigned();
  else if (kind === kinds.table || kind === kinds.memory) skipLimits();
  else if (kind === kinds.global)
    at++; // whether it can change
  else fail(`an import has the unknown kind ${kind}`);
};

const enterImportSection = () => {
  if (bytes.subarray(0, 8).toString('hex') !== '0061736d01000000') fail('it is no WebAssembly module of version 1');
  at = 8;
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = readUnsigned();
    if (id === importSection) return;
    at += size;
  }
  fail('it imports nothing');
};

/** Offsets of the limits of each imported memory. */
const findImportedMemories = () => {
  const found = [];
  enterImportSection();
  for (let left = readUnsigned(); left > 0; left--) {
    skipName();
    skipName();
    const kind = bytes[at++];
    if (kind === kinds.memory) found.push(at);
    skipDescription(kind);
  }
  return found;
};

const memories = findImportedMemories();
if (memories.length !== 1) fail(`it imports ${memories.length} memories`);
const [limits] = memories;
if (bytes[limits] !== limitsShared) fail(`the memory's limits have the flags ${bytes[limits]}`);
bytes[limits] = limitsPlain;
if (!WebAssembly.validate(bytes)) fail('it is not valid once changed');
writeFileSync(target, bytes);
