import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, startStack, within } from './stack.ts';

const budgetBytes = 90 * 1024;

let stack: Awaited<ReturnType<typeof startStack>>;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.stop();
});

test('the scripts that load before the list of monitors shows are at most 90 KB, gzipped', async () => {
  const { page } = await openPage(stack.browser);
  const api = (path: string, data: unknown) =>
    page.request.post(`${stack.pharos.origin}/api/v1${path}`, { data, headers: { origin: stack.pharos.origin } });
  await api('/auth/signup', { email: 'ada@example.com', password: 'a lighthouse by the sea' });
  await api('/monitors', { url: 'http://127.0.0.1:9/', name: 'The lighthouse' });
  const scripts: Promise<[name: string, bytes: number]>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    const name = new URL(response.url()).pathname;
    scripts.push(response.body().then((body) => [name, gzipSync(body).length]));
  });
  await page.goto(`${stack.pharos.origin}/monitors`);
  await page.getByTestId('monitor-row').filter({ hasText: 'The lighthouse' }).waitFor(within(10));
  await page.waitForLoadState('networkidle');
  const loaded = await Promise.all(scripts);
  const bytes = loaded.reduce((sum, [, each]) => sum + each, 0);
  console.log(
    `initial JavaScript: ${bytes} bytes gzipped\n${loaded.map(([name, each]) => `${each} ${name}`).join('\n')}`,
  );
  expect(loaded.map(([name]) => name).some((name) => name.includes('index'))).toBe(true);
  expect(bytes).toBeLessThanOrEqual(budgetBytes);
});
