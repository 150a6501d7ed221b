import 'reflect-metadata';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { problem, type RouteDefinition, routes, services } from '@plenary/contracts';
import { createLog } from '@plenary/platform';
import { createGateway } from './gateway';
import { Settings } from './settings';

interface Upstream {
  server: Server;
  url: string;
  seen: { method?: string | undefined; url?: string | undefined; headers: IncomingMessage['headers']; body: string }[];
}

const servers: Server[] = [];
async function upstream(answer?: RequestListener): Promise<Upstream> {
  const seen: Upstream['seen'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      if (answer) answer(request, response);
      else response.writeHead(200, { 'content-type': 'application/json', etag: '"7"' }).end('{"ok":true}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

let app: NestFastifyApplication;
let origin: string;
async function gateway(
  urls: Partial<Record<string, string>>,
  more: NodeJS.ProcessEnv = {},
  web = '/nowhere',
): Promise<void> {
  const dead = 'http://127.0.0.1:1';
  const env = Object.fromEntries(
    services.map((one) => [`${one.toUpperCase().replaceAll('-', '_')}_URL`, urls[one] ?? dead]),
  );
  app = await createGateway(new Settings({ ...env, PORT: '0', ...more }), createLog('gateway', 'silent'), web);
  await app.listen(0, '127.0.0.1');
  origin = (await app.getUrl()).replace('[::1]', '127.0.0.1');
}
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { headers, redirect: 'manual' });
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(origin + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
async function problemOf(answer: Response) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return problem.parse(await answer.json());
}

afterEach(async () => {
  await app?.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('routing', () => {
  it('sends every route of the contracts to its service, and the keys to identity', async () => {
    const ups = new Map(await Promise.all(services.map(async (name) => [name, await upstream()] as const)));
    await gateway(Object.fromEntries([...ups].map(([name, { url }]) => [name, url])));
    for (const route of Object.values(routes as Record<string, RouteDefinition>)) {
      const path = `/api/v1${route.path.replace(/\{\w+\}/g, '0198c7a0-0000-7000-8000-000000000001')}`;
      const answer = await fetch(`${origin}${path}?a=1`, { method: route.method });
      const last = ups.get(route.service)?.seen.at(-1);
      expect([route.id, answer.status, last?.method, last?.url]).toEqual([route.id, 200, route.method, `${path}?a=1`]);
    }
    expect((await get('/.well-known/jwks.json')).status).toBe(200);
    expect(ups.get('identity')?.seen.at(-1)?.url).toBe('/.well-known/jwks.json');
  });

  it('hands bodies and headers on as they are, and says who called', async () => {
    const up = await upstream();
    await gateway({ 'check-in': up.url });
    const sent = '{ "token" : "张三",\n"a":1 }';
    const answer = await post('/api/v1/scans', sent, {
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer x.y.z',
      'x-forwarded-for': '6.6.6.6',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    const [seen] = up.seen;
    expect(seen?.body).toBe(sent);
    expect(seen?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer x.y.z',
      'x-forwarded-for': '127.0.0.1',
      traceparent: expect.stringMatching(/^00-0af7651916cd43dd8448eb211c80319c-/),
    });
    expect(answer.headers.get('etag')).toBe('"7"');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('believes X-Forwarded-For from the named proxies only', async () => {
    const up = await upstream();
    await gateway({ 'sub-forum': up.url }, { TRUSTED_PROXIES: '127.0.0.1' });
    await get('/api/v1/conferences', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' });
    expect(up.seen[0]?.headers['x-forwarded-for']).toBe('203.0.113.9');
  });

  it('hands answers on as they are: errors with their Retry-After at once, cookies, 204 and 304', async () => {
    const answers: RequestListener = (request, response) => {
      if (request.url?.includes('slug-503')) {
        response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '7' });
        response.end('{"code":"temporarily_unavailable"}');
      } else if (request.method === 'POST') {
        response.writeHead(204, { 'set-cookie': ['a=1; Path=/api/v1/auth', 'b=2'] }).end();
      } else response.writeHead(304, { etag: '"7"' }).end();
    };
    const up = await upstream(answers);
    await gateway({ 'sub-forum': up.url, identity: up.url });
    const busy = await get('/api/v1/conferences/slug-503');
    expect([busy.status, busy.headers.get('retry-after'), up.seen.length]).toEqual([503, '7', 1]);
    const signedOut = await post('/api/v1/auth/sign-out', '');
    expect([signedOut.status, signedOut.headers.getSetCookie()]).toEqual([204, ['a=1; Path=/api/v1/auth', 'b=2']]);
    expect((await get('/api/v1/conferences/x', { 'if-none-match': '"7"' })).status).toBe(304);
  });

  it('answers what is not there, too large or malformed by itself', async () => {
    const up = await upstream();
    await gateway({ 'check-in': up.url, identity: up.url });
    expect(await problemOf(await get('/api/v1/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await problemOf(await get('/health/ready/x'))).toMatchObject({ status: 404 });
    expect(await problemOf(await get('/api/v1/%zz'))).toMatchObject({ status: 400 });
    const large = await post('/api/v1/scans', JSON.stringify({ token: 'x'.repeat(70_000) }));
    expect(await problemOf(large)).toMatchObject({ status: 413, code: 'body_too_large' });
    expect(up.seen).toHaveLength(0);
  });
});

describe('replicas', () => {
  it('are taken in turn, and one that is down is passed over, for commands too', async () => {
    const [one, other] = [await upstream(), await upstream()];
    await gateway({ 'check-in': `${one.url},http://127.0.0.1:1,${other.url}` });
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await post('/api/v1/scans', '{}')).status),
    );
    expect(statuses).toEqual(Array(20).fill(200));
    expect(one.seen.length + other.seen.length).toBe(20);
    expect(Math.min(one.seen.length, other.seen.length)).toBeGreaterThan(4);
  });

  it('a read that was cut off is read from another; a command that may have arrived is not sent again', async () => {
    const cut = await upstream((request) => request.socket.destroy());
    const whole = await upstream();
    await gateway({ 'sub-forum': `${cut.url},${whole.url}`, 'check-in': cut.url });
    for (let n = 0; n < 4; n++) expect((await get('/api/v1/conferences')).status).toBe(200);
    const before = cut.seen.length;
    const answer = await post('/api/v1/scans', '{}');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await problemOf(answer)).toMatchObject({ status: 503, code: 'temporarily_unavailable' });
    expect(cut.seen.length - before).toBe(1);
  });

  it('all down: 503 with Retry-After, and back when they are', async () => {
    await gateway({});
    const answer = await get('/api/v1/conferences');
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await problemOf(answer)).toMatchObject({ status: 503, traceId: expect.any(String) });
    const health = (await (await get('/health')).json()) as { status: string; services: unknown };
    expect(health.status).toBe('degraded');
    expect(health.services).toHaveProperty('badge', { up: 0, of: 1 });
    expect((await get('/health/ready')).status).toBe(200);
  });
});

describe('event streams', () => {
  it('pass through as they come, end upstream with their client, and end when the gateway stops', async () => {
    let closed = 0;
    let write = (_: string): void => {};
    const up = await upstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      response.write('retry: 2000\n\n');
      write = (text) => void response.write(text);
      response.on('close', () => closed++);
    });
    await gateway({ registration: up.url });

    const leaving = new AbortController();
    const first = await fetch(`${origin}/api/v1/registration/events`, { signal: leaving.signal });
    expect(first.headers.get('content-type')).toContain('text/event-stream');
    const reader = (first.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => Buffer.from((await reader.read()).value ?? []).toString();
    expect(await next()).toBe('retry: 2000\n\n');
    write('data: 1\n\n');
    expect(await next()).toBe('data: 1\n\n');
    leaving.abort();
    await expect(reader.read()).rejects.toThrow();
    while (closed < 1) await new Promise(setImmediate);

    const second = await get('/api/v1/registration/events');
    const since = performance.now();
    await app.close();
    await second.text().catch(() => {});
    while (closed < 2) await new Promise(setImmediate);
    expect(performance.now() - since).toBeLessThan(2000);
  });
});

describe('rate guard', () => {
  it('holds one address back and says for how long; not those on the list', async () => {
    const up = await upstream();
    const limited = { GATEWAY_CALLS_PER_10_SECONDS: '3' };
    await gateway({ 'sub-forum': up.url }, limited);
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await get('/api/v1/conferences')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const answer = await get('/api/v1/conferences');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problemOf(answer)).toMatchObject({ code: 'rate_limited' });
    expect((await get('/')).status).toBe(200);
    await app.close();

    await gateway({ 'sub-forum': up.url }, { ...limited, RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
    for (let n = 0; n < 5; n++) expect((await get('/api/v1/conferences')).status).toBe(200);
  });
});

describe('pages and documents', () => {
  it('greets in the language of the reader, with the sign-ins of the demo only there', async () => {
    await gateway({}, { PLENARY_DEMO: '1', PUBLIC_URL: 'https://plenary.example' });
    const chinese = await (await get('/', { 'accept-language': 'zh-Hans-CN,zh;q=0.9,en;q=0.8' })).text();
    expect(chinese).toContain('<html lang="zh-CN">');
    const answer = await get('/?lang=en', { 'accept-language': 'zh' });
    const english = await answer.text();
    expect(english).toContain('organiser@plenary.example');
    expect(english).toContain('curl -s https://plenary.example/api/v1/auth/sign-in');
    expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'self'; style-src 'self'/);
    expect(answer.headers.get('strict-transport-security')).toContain('max-age');
    for (const page of [chinese, english])
      expect(page).not.toMatch(/<script(?! src)|<style| style=| on\w+=|origin\.invalid/);
    await app.close();

    await gateway({});
    expect(await (await get('/')).text()).not.toMatch(/plenary-demo|<!-- demo/);
  });

  it('serves the documents and a page to browse them, from this origin alone', async () => {
    await gateway({});
    const document = (await (await get('/api/v1/openapi.json')).json()) as { paths: object };
    expect(document.paths).toHaveProperty(['/scans', 'post']);
    expect(await (await get('/api/v1/asyncapi.json')).json()).toHaveProperty('asyncapi', '3.0.0');
    const page = await (await get('/api/docs')).text();
    const parts = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] as string);
    expect(parts).toContain('/api/docs/swagger-ui-bundle.js');
    for (const part of parts) expect([part, (await get(part)).status]).toEqual([part, 200]);
    const etag = (await get('/start.css')).headers.get('etag') as string;
    expect((await get('/start.css', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/metrics')).status).toBe(200);
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
  });
});

describe('the web app', () => {
  function built(): string {
    const folder = mkdtempSync(join(tmpdir(), 'plenary-web-'));
    for (const part of ['register', 'door', 'organiser', 'assets']) mkdirSync(join(folder, part));
    for (const entry of ['register', 'door', 'organiser']) {
      writeFileSync(join(folder, entry, 'index.html'), `<!doctype html><title>${entry}</title>`);
    }
    writeFileSync(join(folder, 'assets/app-1a2b.js'), `// ${'x'.repeat(5000)}`);
    writeFileSync(join(folder, 'assets/decoder-3c4d.wasm'), Buffer.alloc(10));
    return folder;
  }

  it('has three entries, each answering every address below it', async () => {
    await gateway({}, {}, built());
    const entryOf = async (path: string) => (await (await get(path)).text()).match(/<title>(\w+)/)?.[1];
    for (const path of ['/c', '/c/smart-city', '/c/smart-city/register?step=2', '/r/', '/r', '/g/'])
      expect([path, await entryOf(path)]).toEqual([path, 'register']);
    for (const path of ['/door', '/door/']) expect([path, await entryOf(path)]).toEqual([path, 'door']);
    for (const path of ['/organiser', '/organiser/smart-city/live', '/s/'])
      expect([path, await entryOf(path)]).toEqual([path, 'organiser']);
    expect(await problemOf(await get('/doors'))).toMatchObject({ status: 404 });
  });

  it('comes without inline script or style, keeps keys out of referrers and indexes, and gives the camera to the door alone', async () => {
    await gateway({}, {}, built());
    const policies = new Map<string, string>();
    for (const path of ['/c', '/r/', '/door', '/organiser']) {
      const { headers } = await get(path);
      const policy = headers.get('content-security-policy') as string;
      expect(policy).toMatch(/default-src 'none'.*style-src 'self';.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|nonce|https?:/);
      policies.set(path, policy);
      expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-cache']);
      expect(headers.get('permissions-policy')).toContain(path === '/door' ? 'camera=(self)' : 'camera=()');
      expect(headers.get('x-robots-tag')).toBe(path === '/c' ? 'all' : 'noindex');
    }
    expect([...policies].filter(([, policy]) => policy.includes('wasm-unsafe-eval')).map(([path]) => path)).toEqual([
      '/door',
    ]);
  });

  it('keeps what has its content in its name for a year, packed; a page is asked for anew', async () => {
    await gateway({}, {}, built());
    const script = await get('/assets/app-1a2b.js');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('/assets/decoder-3c4d.wasm')).headers.get('content-type')).toBe('application/wasm');
    for (const path of ['/assets/other.js', '/assets/..%2fregister%2findex.html', '/assets/'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    const etag = (await get('/c')).headers.get('etag') as string;
    expect((await get('/c', { 'if-none-match': etag })).status).toBe(304);
  });

  it('says that it is not built, where it is not', async () => {
    await gateway({});
    expect(await problemOf(await get('/c/smart-city'))).toMatchObject({ status: 503, code: 'web_not_built' });
    expect((await get('/')).status).toBe(200);
  });
});

describe('packing', () => {
  it('packs answers to reads; streams, commands and small answers pass as they are', async () => {
    const long = JSON.stringify({ items: Array(200).fill({ name: '欧阳明慧' }) });
    const up = await upstream((request, response) => {
      if (request.url?.endsWith('/events')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${long}\n\n`);
      } else response.writeHead(200, { 'content-type': 'application/json', etag: '"7"' }).end(long);
    });
    await gateway({ 'sub-forum': up.url, 'check-in': up.url, registration: up.url });
    const list = await get('/api/v1/conferences');
    expect([list.headers.get('content-encoding'), list.headers.get('etag')]).toEqual(['gzip', '"7"']);
    expect(await list.json()).toEqual(JSON.parse(long));
    expect((await post('/api/v1/scans', '{}')).headers.get('content-encoding')).toBeNull();
    expect((await get('/api/v1/registration/events')).headers.get('content-encoding')).toBeNull();
    expect(
      (await get('/api/v1/conferences', { 'accept-encoding': 'identity' })).headers.get('content-encoding'),
    ).toBeNull();
  });
});
