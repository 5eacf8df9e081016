import { customAlphabet } from 'nanoid';

const random = customAlphabet('0123456789abcdefghijkmnpqrstuvwxyz', 20);

type Prefix =
  | 'usr'
  | 'team'
  | 'ses'
  | 'mon'
  | 'inc'
  | 'cmt'
  | 'page'
  | 'mnt'
  | 'rcl'
  | 'aud'
  | 'chn'
  | 'pol'
  | 'per'
  | 'onc'
  | 'ovr'
  | 'dig'
  | 'req'
  | 'run';

/** `mon_4k2…`: 20 random characters of 34 (about 100 bits) behind a prefix that says what the id names. */
export const newId = (prefix: Prefix) => `${prefix}_${random()}`;
