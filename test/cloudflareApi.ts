import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RemoteD1 } from './remoteD1.ts';

interface Queue {
  queue_id: string;
  queue_name: string;
  consumers: Record<string, unknown>[];
}

interface Binding {
  name: string;
  type: string;
  text?: string;
}

interface Worker {
  bindings: Binding[];
  /** Number of uploads. */
  versions: number;
  crons: string[];
}

interface Call {
  method: string;
  /** Below the account, with ids replaced: `d1/database/*`. */
  path: string;
  body: unknown;
}

/** An account as Cloudflare's API shows it to wrangler, as far as a deployment of Pharos asks. */
export interface Account {
  databases: { uuid: string; name: string; location: string | null; d1: RemoteD1 }[];
  queues: Queue[];
  projects: { name: string; domains: string[]; deployments: number }[];
  worker: Worker | null;
  secrets: Record<string, string>;
  calls: Call[];
  /** Answers 500 to calls like `POST queues`, once so many of them have passed. */
  failure: { call: string; passing: number } | null;
}

export const accountId = '0123456789abcdef0123456789abcdef';

class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Asked {
  account: Account;
  method: string;
  /** Parts of the path below the account. */
  path: string[];
  query: URLSearchParams;
  body: unknown;
  form: FormData | null;
}

const notFound = (code: number, message: string) => new ApiError(404, code, message);

const database = ({ account, method, path, body }: Asked) => {
  const [, , id = '', action] = path;
  const shown = account.databases.map(({ uuid, name }) => ({ uuid, name, version: 'production' }));
  if (method === 'GET' && id === '') return shown;
  if (method === 'POST' && id === '') {
    const { name, primary_location_hint: location = null } = body as { name: string; primary_location_hint?: string };
    if (shown.some((one) => one.name === name)) throw new ApiError(400, 7502, 'A database with that name exists');
    const created = { uuid: randomUUID(), name, location, d1: new RemoteD1() };
    account.databases.push(created);
    return { uuid: created.uuid, name, version: 'production' };
  }
  const found = account.databases.find(({ uuid, name }) => uuid === id || name === id);
  if (!found) throw notFound(7404, `The database ${id} could not be found`);
  if (action === undefined) return shown.find(({ uuid }) => uuid === found.uuid);
  const { sql, params } = body as { sql: string; params?: string[] };
  try {
    return found.d1.query(sql, params).map((results) => ({
      ...{ success: true, results },
      meta: { duration: 0.1, served_by_region: (found.location ?? 'weur').toUpperCase(), served_by_primary: true },
    }));
  } catch (error) {
    throw new ApiError(400, 7500, `${(error as Error).message}: SQLITE_ERROR`);
  }
};

const queues = ({ account, method, path, query, body }: Asked) => {
  const [, id, , consumerId] = path;
  if (method === 'GET' && id === undefined)
    return account.queues
      .filter(({ queue_name }) => !query.has('name') || query.getAll('name').includes(queue_name))
      .map((queue) => ({
        ...queue,
        producers: [],
        producers_total_count: 0,
        consumers_total_count: queue.consumers.length,
      }));
  if (method === 'POST' && id === undefined) {
    const { queue_name } = body as { queue_name: string };
    if (account.queues.some((queue) => queue.queue_name === queue_name))
      throw new ApiError(409, 11009, `Queue name '${queue_name}' is already taken`);
    const queue = { queue_id: randomUUID().replaceAll('-', ''), queue_name, consumers: [] };
    account.queues.push(queue);
    return queue;
  }
  const queue = account.queues.find(({ queue_id }) => queue_id === id);
  if (!queue) throw notFound(11000, 'Queue not found');
  if (method === 'GET') return path[2] === 'consumers' ? queue.consumers : queue;
  const given = body as Record<string, unknown>;
  if (method === 'POST')
    queue.consumers.push({ consumer_id: randomUUID().replaceAll('-', ''), script: 'pharos', ...given });
  else Object.assign(queue.consumers.find(({ consumer_id }) => consumer_id === consumerId) ?? {}, given);
  return queue.consumers.at(-1);
};

const pages = ({ account, method, path, body }: Asked) => {
  const [, , name, action] = path;
  const shown = (project: Account['projects'][number]) => ({
    ...{ id: project.name, name: project.name, subdomain: project.domains[0], domains: project.domains },
    ...{ production_branch: 'main', created_on: '2026-11-29T00:00:00Z', source: null, latest_deployment: null },
    deployment_configs: { production: {}, preview: {} },
  });
  if (name === undefined) {
    if (method === 'GET') return account.projects.map(shown);
    const project = { name: (body as { name: string }).name, domains: ['pharos-dashboard.pages.dev'], deployments: 0 };
    account.projects.push(project);
    return shown(project);
  }
  const project = account.projects.find((one) => one.name === name);
  if (!project) throw notFound(8000007, 'Project not found');
  if (action === 'upload-token') return { jwt: token() };
  if (action === 'deployments' && method === 'POST') {
    project.deployments++;
    const stage = { name: 'deploy', status: 'success' };
    return {
      id: randomUUID(),
      url: `https://abc.${project.domains[0]}`,
      environment: 'production',
      latest_stage: stage,
    };
  }
  return action === 'deployments' ? { latest_stage: { name: 'deploy', status: 'success' } } : shown(project);
};

/** wrangler checks how long the token is valid. */
const token = () =>
  `e30.${Buffer.from(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 })).toString('base64url')}.sig`;

const upload = (account: Account, form: FormData) => {
  const { bindings = [] } = JSON.parse(String(form.get('metadata'))) as { bindings?: Binding[] };
  for (const { name, text } of bindings.filter(({ type }) => type === 'secret_text'))
    account.secrets[name] = text ?? '';
  account.worker = { crons: [], ...account.worker, versions: (account.worker?.versions ?? 0) + 1, bindings };
  return {
    id: 'pharos',
    startup_time_ms: 10,
    deployment_id: randomUUID(),
    entry_point: 'index.js',
    available_on_subdomain: true,
  };
};

const noWorker = () => notFound(10007, 'This Worker does not exist on your account.');

const worker = ({ account, method, path, body, form }: Asked) => {
  const [, kind, name, action] = path;
  if (kind === 'subdomain') return { subdomain: 'example' };
  if (kind === 'workers') return { id: name, name, subdomain: { enabled: true, previews_enabled: false } };
  if (kind === 'services') {
    if (!account.worker) throw notFound(10090, 'This Worker does not exist on your account.');
    return {
      id: name,
      default_environment: { environment: 'production', script: { id: name, last_deployed_from: 'wrangler' } },
    };
  }
  if (action === undefined && method === 'PUT' && form) return upload(account, form);
  if (action === 'versions' && method === 'POST' && form) return { ...upload(account, form), resources: {} };
  if (!account.worker) throw noWorker();
  if (action === 'secrets-bulk' && method === 'PATCH') {
    const { secrets } = body as { secrets: Record<string, { text: string }> };
    for (const [key, { text }] of Object.entries(secrets)) account.secrets[key] = text;
    return {};
  }
  if (action === 'secrets') return Object.keys(account.secrets).map((key) => ({ name: key, type: 'secret_text' }));
  if (action === 'schedules' && method === 'PUT') {
    account.worker.crons = (body as { cron: string }[]).map(({ cron }) => cron);
    return { schedules: body };
  }
  if (action === 'schedules') return { schedules: account.worker.crons.map((cron) => ({ cron })) };
  if (action === 'deployments') return { deployments: [] };
  if (action === 'subdomain') return { enabled: true, previews_enabled: false };
  if (action === 'settings' || action === 'script-settings') return { bindings: account.worker.bindings, tags: [] };
  return [];
};

const assets = ({ path, body }: Asked) => (path[2] === 'check-missing' ? (body as { hashes: string[] }).hashes : true);

const families: Record<string, (asked: Asked) => unknown> = { d1: database, queues, pages, workers: worker, assets };

const answer = (asked: Asked): unknown => {
  const [first = ''] = asked.path;
  const family = families[first];
  if (!family) throw notFound(7003, `No route for ${asked.path.join('/')}`);
  return family(asked);
};

const readAll = async (request: IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const parse = async (request: IncomingMessage): Promise<Pick<Asked, 'body' | 'form'>> => {
  const bytes = await readAll(request);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/'))
    return { body: null, form: await new Response(bytes, { headers: { 'content-type': type } }).formData() };
  return { body: /^\s*[[{]/.test(bytes.toString()) ? JSON.parse(bytes.toString()) : null, form: null };
};

/** Without what differs from run to run. */
const named = (path: string[]) =>
  path.map((part, i) => (i > 0 && /^[0-9a-f]{32}$|^[0-9a-f-]{36}$/.test(part) ? '*' : part)).join('/');

const openAccount = (): Account => ({
  ...{ databases: [], queues: [], projects: [], worker: null, secrets: {}, calls: [], failure: null },
});

/**
 * Serves an empty account, whose database takes SQL as the remote D1 does. `environment` makes wrangler ask here instead
 * of at Cloudflare.
 */
export const startCloudflareApi = async () => {
  const account = openAccount();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parts = url.pathname.split('/').filter(Boolean);
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    const ok = (result: unknown) =>
      send(200, { success: true, errors: [], messages: [], result, ...(Array.isArray(result) && pageOf(result)) });
    const respond = async () => {
      const { body, form } = await parse(request);
      const method = request.method ?? 'GET';
      const path = parts[0] === 'accounts' ? parts.slice(2) : parts;
      account.calls.push({ method, path: named(path), body });
      const { failure } = account;
      if (failure?.call === `${method} ${named(path)}` && failure.passing-- <= 0)
        throw new ApiError(500, 10000, 'Internal server error of the stub');
      if (path[0] === 'user') return ok({ id: 'user', email: 'ada@example.com' });
      if (path.length === 0 || path[0] === 'memberships')
        return ok([{ id: accountId, name: 'Ada', account: { id: accountId, name: 'Ada' } }]);
      const isAssets = path[0] === 'pages' && path[1] === 'assets';
      ok(
        answer({
          account,
          method,
          path: isAssets ? ['assets', ...path.slice(1)] : path,
          query: url.searchParams,
          body,
          form,
        }),
      );
    };
    respond().catch((error: unknown) => {
      const { status, code, message } = error instanceof ApiError ? error : new ApiError(500, 1, String(error));
      send(status, { success: false, result: null, messages: [], errors: [{ code, message }] });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    account,
    environment: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
      CLOUDFLARE_ACCOUNT_ID: accountId,
      CLOUDFLARE_API_TOKEN: 'token-of-the-stub',
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

const pageOf = (result: unknown[]) => ({
  result_info: {
    page: 1,
    per_page: Math.max(result.length, 1),
    count: result.length,
    total_count: result.length,
    total_pages: 1,
  },
});
