import { getDefaultContext, instantiateNapiModuleSync, WASI } from '@napi-rs/wasm-runtime';
import type * as Bcrypt from '@node-rs/bcrypt';
import { maxPasswordBytes, utf8Bytes } from '../domain/teams/account.ts';
import bcryptModule from './bcrypt.wasm';

/** A bcrypt hash (`$2y$…`) with a fresh salt; `cost` is the binary logarithm of its rounds. Takes about 60 ms at cost 10. */
export const hashPassword = (password: string, cost: number) => {
  if (utf8Bytes(password) > maxPasswordBytes) throw new RangeError('bcrypt reads no more than 72 bytes of a password');
  return loadBcrypt().hashSync(password, cost);
};

/**
 * Whether the hash was made from this password. bcrypt would ignore what follows the 72nd byte, so a longer password
 * never fits, but takes as long.
 */
export const verifyPassword = (password: string, hash: string) =>
  loadBcrypt().verifySync(password, hash) && utf8Bytes(password) <= maxPasswordBytes;

/** A hash that no known password has: verifying against it takes as long as against a real one of that cost. */
export const hashOfNobody = (cost: number) => `$2y$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;

type Exports = Pick<typeof Bcrypt, 'hashSync' | 'verifySync'>;
let loaded: Exports | undefined;

/** Synchronous calls only: the asynchronous ones need threads, which Workers do not have. */
const loadBcrypt = () => {
  loaded ??= instantiate();
  return loaded;
};

const instantiate = () => {
  const memory = new WebAssembly.Memory({ initial: 99, maximum: 65_536 });
  const { napiModule } = instantiateNapiModuleSync(bcryptModule, {
    context: getDefaultContext(),
    asyncWorkPoolSize: 0,
    wasi: new WASI({ version: 'preview1' }),
    overwriteImports: (imports) => ({
      ...imports,
      env: { ...imports.env, ...imports.napi, ...imports.emnapi, memory },
    }),
    beforeInit: ({ instance }) => register(instance),
  });
  return napiModule.exports as Exports;
};

/** What napi-rs registers before `main` in a native addon has to be called by hand in a WASI build, in order of their numbers. */
const register = ({ exports }: WebAssembly.Instance) => {
  for (const [name, value] of Object.entries(exports))
    if (name.startsWith('__napi_register__')) (value as () => void)();
};
