import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  allowProblems,
  answerApi,
  failApi,
  goOffline,
  goOnline,
  holdApi,
  lineOf,
  openPage,
  type Page,
  pairwise,
} from './browser';
import { opened } from './own-page';

describe('states that a test makes', () => {
  const asks = (page: Page) =>
    page.evaluate(() =>
      fetch('/api/v1/things').then(
        async (answer) => `${answer.status} ${(await answer.json()).code ?? ''}`,
        () => 'no network',
      ),
    );

  it('held, failed, cut off, offline and back', async () => {
    const page = await opened('');
    await answerApi(page, '/things', { code: 'here' });
    expect(await asks(page)).toBe('200 here');

    const release = await holdApi(page, '/things');
    let answered = false;
    const answer = page
      .evaluate(() => fetch('/api/v1/things').catch(() => 0))
      .then(() => {
        answered = true;
      });
    expect(await page.evaluate(() => document.title)).toBe('A page');
    expect(answered).toBe(false);
    allowProblems(page, /404|ERR_CONNECTION_REFUSED/);
    await release();
    await answer;

    await failApi(page, '/things', { status: 503, code: 'busy' });
    expect(await asks(page)).toBe('503 busy');
    await failApi(page, /things/, { status: 0 });
    expect(await asks(page)).toBe('no network');
    await page.unrouteAll();
    await goOffline(page);
    expect(await asks(page)).toBe('no network');
    expect(await page.evaluate(() => navigator.onLine)).toBe(false);
    await goOnline(page);
    expect(await page.evaluate(() => navigator.onLine)).toBe(true);
  });
});

describe('a live stream', () => {
  let server: Server;
  const streams = new Set<ServerResponse>();
  beforeAll(async () => {
    server = createServer((request, answer) => {
      if (request.url !== '/api/v1/events') return void answer.end('<!doctype html><title>Live</title>');
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.flushHeaders();
      streams.add(answer);
      answer.on('close', () => streams.delete(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is cut, frozen and mended on a line, and ends when the network goes', async () => {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await openPage({ path: '/', line: true, context: { baseURL } });
    const follow = () => page.evaluate(followEvents);
    const heard = (count: number) => page.waitForFunction((count) => (window.heard?.length ?? 0) >= count, count);
    const said = (text: string) => {
      for (const stream of streams) stream.write(`data: ${text}\n\n`);
    };

    await follow();
    said('one');
    await heard(1);
    lineOf(page).freeze();
    said('two');
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    expect(await page.evaluate(() => window.heard)).toEqual(['data: one']);
    lineOf(page).mend();
    await heard(2);
    lineOf(page).cut();
    await heard(3);
    expect(await page.evaluate(() => navigator.onLine)).toBe(true);
    lineOf(page).mend();

    await follow();
    await goOffline(page);
    await heard(4);
    await goOnline(page);
    await follow();
    said('three');
    await heard(5);
    expect(await page.evaluate(() => window.heard)).toEqual(['data: one', 'data: two', 'cut', 'cut', 'data: three']);
  });
});

declare global {
  interface Window {
    heard?: string[];
  }
}

/** Runs in the page: notes what the stream says, and when it breaks off. */
async function followEvents(): Promise<void> {
  window.heard ??= [];
  const { heard } = window;
  const reader = (await fetch('/api/v1/events')).body?.getReader();
  const read = async (): Promise<void> => {
    const piece = await reader?.read();
    if (piece?.value) heard.push(new TextDecoder().decode(piece.value).trim());
    if (!piece?.done) await read();
  };
  void read().catch(() => heard.push('cut'));
}

describe('pairs', () => {
  const dimensions = {
    viewport: ['phone', 'desk'],
    locale: ['en', 'zh-CN'],
    scheme: ['light', 'dark'],
    state: ['loading', 'empty', 'error', 'offline', 'slow'],
  } as const;

  it('has every two values together, in few cases, the same every time', () => {
    const cases = pairwise(dimensions);
    const names = Object.keys(dimensions) as (keyof typeof dimensions)[];
    const missing = names.flatMap((one, index) =>
      names
        .slice(index + 1)
        .flatMap((other) =>
          dimensions[one].flatMap((value) =>
            dimensions[other]
              .filter((with_) => !cases.some((each) => each[one] === value && each[other] === with_))
              .map((with_) => `${one} ${value}, ${other} ${with_}`),
          ),
        ),
    );
    expect(missing).toEqual([]);
    // Ten pairs of viewport and state cannot be had in fewer; all of them would be forty.
    expect(cases.length).toBeGreaterThanOrEqual(10);
    expect(cases.length).toBeLessThanOrEqual(12);
    expect(pairwise(dimensions)).toEqual(cases);
  });
});
