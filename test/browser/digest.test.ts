import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpMonitor } from '../httpMonitor.ts';
import { startAlertReceiver } from './support/alertReceiver.ts';
import { faultsOf } from './support/faults.ts';
import { photograph, signUp, useStage, within } from './support/stack.ts';

const stage = useStage('digest');

/** More than a channel is sent by themselves in a minute. */
const failing = 16;
let receiver: Awaited<ReturnType<typeof startAlertReceiver>>;

interface Digest {
  digest: { url: string; counts: { down: number }; monitors: { name: string }[] };
}

const ids: string[] = [];
const digests = () => receiver.of('digest').map(({ body }) => (body as unknown as Digest).digest);

const api = async (method: 'post' | 'delete' | 'get', path: string, data?: object) => {
  const { page, stack } = stage();
  const { origin } = stack.pharos;
  return page.request[method](`${origin}/api/v1${path}`, { headers: { origin }, ...(data && { data }) });
};

beforeAll(async () => {
  receiver = await startAlertReceiver();
  const { page, stack, target } = stage();
  await signUp(page, stack.pharos.origin, 'grace@digest.example.com');
  const create = async (path: string, data: object) => {
    const response = await api('post', path, data);
    expect([path, response.status()]).toEqual([path, 201]);
    return (await response.json()) as { id: string };
  };
  await create('/channels', { kind: 'webhook', name: 'Ops', settings: { url: receiver.url } });
  const quiet = { intervalSeconds: 3600, regions: ['weur'] };
  for (const name of ['Well 1', 'Well 2']) await create('/monitors', httpMonitor({ ...quiet, url: target.url, name }));
  for (let i = 0; i < failing; i++)
    ids.push(
      (await create('/monitors', httpMonitor({ ...quiet, url: 'http://127.0.0.1:9/', name: `Broken ${i}` }))).id,
    );
}, 400_000);

afterAll(() => receiver?.stop());

const rows = () => stage().page.getByTestId('monitor-row');
const chip = () => stage().page.getByRole('button', { name: /^Monitors of the digest of/ });

test('the link of a digest opens the list of its monitors, and its chip leads to all', async () => {
  const { page } = stage();
  await expect.poll(() => digests().length, { timeout: 240_000 }).toBeGreaterThan(0);
  const [digest] = digests();
  if (!digest) throw new Error('No digest came.');
  await page.goto(digest.url);
  await chip().waitFor(within(20));
  expect(await chip().textContent()).toMatch(/^Monitors of the digest of .*\d\d:\d\d/);
  await expect.poll(() => rows().count(), within(10)).toBe(digest.counts.down);
  for (const { name } of digest.monitors) expect(await rows().getByText(name, { exact: true }).count()).toBe(1);
  expect(await rows().getByText(/^Well/).count()).toBe(0);
  await page.getByRole('button', { name: `Down ${digest.counts.down}` }).waitFor(within(10));
  expect(await faultsOf(page, true)).toEqual([]);
  await photograph(page, 'digest-list');
  await page.getByLabel('Search monitors').fill(digest.monitors[0]?.name ?? '');
  await expect.poll(() => rows().count(), within(10)).toBeLessThan(digest.counts.down);
  await page.getByLabel('Search monitors').fill('');
  await chip().focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => rows().count(), within(10)).toBe(failing + 2);
  expect(await chip().count()).toBe(0);
  expect(new URL(page.url()).search).toBe('');
  expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Monitors');
});

test('a deleted digest, and one whose monitors are deleted, say so', async () => {
  const { page, stack } = stage();
  const [digest] = digests();
  await page.goto(`${stack.pharos.origin}/monitors?digest=dig_gone:1`);
  await page.getByRole('alert').getByText('no longer exists').waitFor(within(20));
  expect(await faultsOf(page, true)).toEqual([]);
  await photograph(page, 'digest-gone');
  await page.getByRole('button', { name: 'Show all monitors', exact: true }).click();
  await expect.poll(() => rows().count(), within(10)).toBe(failing + 2);
  for (const id of ids) expect((await api('delete', `/monitors/${id}`)).status()).toBe(204);
  await page.goto(digest?.url ?? '');
  await page.getByText('All monitors of this digest have been deleted.').waitFor(within(20));
  expect(await faultsOf(page, true)).toEqual([]);
  await photograph(page, 'digest-empty');
});
