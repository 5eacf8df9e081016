import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { unstable_getVarsForDev } from 'wrangler';
import { startPharos } from '../../../.scripts/lib/pharos.ts';
import { devVars, writeSecretFile } from '../../../.scripts/lib/secretFile.ts';
import {
  keyNames,
  localOverrides,
  requireUsable,
  secretsToDeploy,
  variableNames,
} from '../../../.scripts/lib/settings.ts';
import { areTablesCurrent } from '../../../.scripts/lib/settingsTables.ts';
import { configText, requiredSecrets, variableDefaults } from '../../../.scripts/lib/workerConfig.ts';
import { type Setting, settings } from '../../../worker/settings.ts';
import type { SmtpMail } from '../../provided.ts';
import { startSmtpServer } from '../../smtpServer.ts';

const directory = mkdtempSync(join(tmpdir(), 'pharos-settings-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the list of settings', () => {
  test('has the variables and the required secrets of wrangler.toml, no more and no fewer', () => {
    expect(Object.keys(variableDefaults()).sort()).toEqual(variableNames.toSorted());
    expect(requiredSecrets().sort()).toEqual(keyNames.toSorted());
  });

  test('takes every value of wrangler.toml', () => {
    const schemas: Record<string, Setting> = settings;
    for (const [name, value] of Object.entries(variableDefaults()))
      expect(schemas[name]?.schema.safeParse(value), name).toMatchObject({ success: true });
  });

  test('matches the tables of worker/SETTINGS.md', () => expect(areTablesCurrent()).toBe(true));
});

describe('before anything is started or deployed', () => {
  test('every variable of the worker is accepted, even empty', () =>
    expect(() =>
      requireUsable({ ...variableDefaults(), SIGN_UP: 'example.com., bücher.de', SMTP_URL: '' }),
    ).not.toThrow());

  test.each([
    [{ SIGN_UP: 'example.com, 1.2' }, /^SIGN_UP is open, first, .*: "1\.2" is not an e-mail domain$/m],
    [{ BCRYPT_COST: '99' }, /^BCRYPT_COST: .*14/m],
    [{ PUBLIC_ORIGIN: 'nowhere' }, /^PUBLIC_ORIGIN: /m],
    [{ SIGN_UP: '1.2', BCRYPT_COST: '99' }, /SIGN_UP is .*BCRYPT_COST: /s],
  ])('%j is refused by name', (given, message) => expect(() => requireUsable(given)).toThrow(message));

  test('a secret that does not fit is not quoted', () =>
    expect(() => requireUsable({ SMTP_URL: 'user:pa55word@mail' })).toThrow(/^(?!.*pa55word).*SMTP_URL/s));
});

describe('a local copy', () => {
  test('takes variables and secrets of the environment, even empty ones, and nothing that is no setting', () => {
    const given = {
      SIGN_UP: 'first',
      MAIL_FROM: 'a@example.com',
      SMTP_URL: 'smtp://x',
      DEAD_MAN_URL: '',
      EMAIL: 'me',
      PATH: '/',
    };
    expect(localOverrides(given)).toEqual({
      SIGN_UP: 'first',
      MAIL_FROM: 'a@example.com',
      SMTP_URL: 'smtp://x',
      DEAD_MAN_URL: '',
    });
  });

  test.each([
    'plain',
    '',
    'Pharos <alerts@example.com>',
    'smtps://user:pa%24$HOME$X#s@mail.example.com:465',
    '"double" and `tick`',
    "it's",
    `it's "both"`,
    'a\\nb',
    'a = b # c',
    '  around  ',
    'two\nlines',
  ])('hands on the value %j as it is', (value) => {
    const at = join(directory, 'wrangler.toml');
    writeSecretFile(join(directory, '.dev.vars'), devVars({ BEFORE: 'b', MAIL_FROM: value, AFTER: 'a' }));
    const read = unstable_getVarsForDev(at, undefined, {}, undefined, true, {
      required: ['BEFORE', 'MAIL_FROM', 'AFTER'],
    });
    expect(read).toMatchObject({
      BEFORE: { value: 'b' },
      MAIL_FROM: { type: 'secret_text', value },
      AFTER: { value: 'a' },
    });
  });

  test.each(['ends with \\', `'"\``])(
    'refuses the value %j, which the file cannot hold, without showing it',
    (value) => {
      expect(() => devVars({ SMTP_URL: value })).toThrow(/^SMTP_URL mixes quotation marks and backslashes/);
    },
  );

  test('writes secrets for their owner alone, also over a file that others could read', () => {
    const file = join(directory, 'open');
    writeFileSync(file, 'old', { mode: 0o644 });
    writeSecretFile(file, 'new');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe('new');
  });

  test('sends mail by the SMTP_URL of its environment, which no argument of a process shows', async () => {
    const taken: SmtpMail[] = [];
    const smtp = await startSmtpServer('none', (_, mail) => taken.push(mail));
    const password = crypto.randomUUID();
    const stateDir = join(directory, 'copy');
    const environment = {
      MAIL_FROM: 'Pharos <alerts@example.org>',
      SMTP_URL: `smtp+plain://ada:${password}@127.0.0.1:${smtp.port}`,
    };
    const pharos = await startPharos({ stateDir, vars: localOverrides(environment), dashboard: false, cron: false });
    try {
      expect(argumentsOfProcesses()).not.toContain(password);
      expect(pharos.log()).not.toContain(password);
      expect(statSync(join(stateDir, '.dev.vars')).mode & 0o777).toBe(0o600);
      await sendTestMail(pharos.origin);
      await expect.poll(() => taken[0]).toMatchObject({ from: 'alerts@example.org', login: `ada:${password}` });
    } finally {
      await pharos.stop();
      await smtp.stop();
    }
    expect(readdirSync(stateDir)).not.toContain('.dev.vars');
  }, 180_000);
});

/** The arguments of all visible processes, as `ps` shows them. */
const argumentsOfProcesses = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

const sendTestMail = async (origin: string) => {
  const post = (path: string, body: unknown, cookie = '') =>
    fetch(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: { origin, cookie, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const signedUp = await post('/auth/signup', { email: 'ada@example.com', password: 'correct horse battery staple' });
  const cookie = signedUp.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const to = ['accept.settings@example.com'];
  const channel = await post('/channels', { kind: 'email', name: 'Mail', settings: { to } }, cookie);
  expect(channel.status).toBe(201);
  const { id } = (await channel.json()) as { id: string };
  await post(`/channels/${id}/test`, {}, cookie);
};

test('a deployment sets the secrets of the environment, and never replaces a key that is there', () => {
  const environment = {
    SESSION_SECRET: 's',
    ENCRYPTION_KEY: 'e',
    SMTP_URL: 'smtp://x',
    MAIL_FROM: '',
    BCRYPT_COST: '4',
  };
  expect(secretsToDeploy(environment, ['ENCRYPTION_KEY', 'SMTP_URL'])).toEqual({
    SESSION_SECRET: 's',
    SMTP_URL: 'smtp://x',
  });
});

test('a configuration that lies elsewhere keeps its paths and names its secrets', () => {
  const text = configText({ databaseId: 'id-1', secrets: ['A', 'SIGN_UP', 'B'] });
  expect(text).toMatch(/^main = "\/.*\/worker\/index\.ts"$/m);
  expect(text).toMatch(/^migrations_dir = "\/.*\/migrations"$/m);
  expect(text).toContain('database_id = "id-1"');
  expect(text).toContain('required = ["A", "B"]');
});
