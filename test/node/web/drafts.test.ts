import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** The storage of a browser, as far as drafts use it. */
const storage = () =>
  Object.defineProperties(
    {},
    {
      getItem: {
        value(this: Record<string, string>, name: string) {
          return this[name] ?? null;
        },
      },
      setItem: {
        value(this: Record<string, string>, name: string, text: string) {
          this[name] = text;
        },
      },
      removeItem: {
        value(this: Record<string, string>, name: string) {
          delete this[name];
        },
      },
    },
  );

beforeEach(() => {
  vi.stubGlobal('localStorage', storage());
  vi.stubGlobal('sessionStorage', storage());
});
afterEach(() => vi.unstubAllGlobals());

/** A page that was just loaded. */
const load = async () => {
  vi.resetModules();
  return {
    ...(await import('../../../web/src/lib/account.ts')),
    ...(await import('../../../web/src/ui/primitives/createDraft.ts')),
  };
};

const typed = { text: 'not yet saved' };

test('a draft outlives a reload, and a session that ends', async () => {
  const before = await load();
  before.accountBegan('ada');
  before.createDraft('monitor')[1](typed);
  const after = await load();
  after.accountBegan('ada');
  after.forgetDraftsOfOthers();
  expect(after.createDraft('monitor')[0]()).toEqual(typed);
});

test('a user who signs in after another one finds no draft of theirs, and leaves none', async () => {
  const page = await load();
  page.accountBegan('ada');
  page.createDraft('monitor')[1](typed);
  page.accountBegan('bob');
  expect(page.hasDraft('monitor')).toBe(false);
  page.forgetDraftsOfOthers();
  expect(Object.keys(sessionStorage)).toEqual([]);
});

test('a draft of one window goes to nobody who signs in at another one', async () => {
  const [first, second] = [await load(), await load()];
  first.accountBegan('ada');
  const typing = (await load()).createDraft('monitor');
  second.accountBegan('bob');
  typing[1](typed);
  expect((await load()).hasDraft('monitor')).toBe(false);
});

test('signing out forgets all drafts, and nothing else', async () => {
  const page = await load();
  page.accountBegan('ada');
  page.createDraft('monitor')[1](typed);
  sessionStorage.setItem('other', '1');
  page.forgetDrafts();
  expect(Object.keys(sessionStorage)).toEqual(['other']);
});
