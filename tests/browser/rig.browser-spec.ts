import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { line } from '@plenary/contracts';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { toBuffer } from 'qrcode';
import {
  allowProblems,
  answerApi,
  axe,
  closePages,
  expectProblems,
  failApi,
  fakeCamera,
  goOffline,
  goOnline,
  HOSTILE_NAMES,
  holdApi,
  inert,
  keyboardStops,
  lineOf,
  openPage,
  type Page,
  type PageOptions,
  pairwise,
  reflows,
  shot,
  targets,
} from './browser';

/** The tools prove themselves: each finds what it is there to find, and lets pass what is right. */

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

/** A page of the test's own at the system's origin. */
async function serve(page: Page, path: string, body: string, contentType = 'text/html; charset=utf-8'): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ contentType, headers: { 'content-security-policy': strict }, body }),
  );
}

/** Opens a page with this body; `css` is a file, since the policy takes no inline style. */
async function opened(body: string, css = '', options: PageOptions = {}): Promise<Page> {
  const page = await openPage(options);
  await serve(page, '/__page.css', css, 'text/css');
  await serve(
    page,
    '/__page',
    `<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
     <link rel="stylesheet" href="/__page.css"></head><body><main><h1>A page</h1>${body}</main></body></html>`,
  );
  await page.goto('/__page');
  return page;
}

describe('the guards on every page', () => {
  it('find an inline script that the policy refuses', async () => {
    await opened('<script>window.ran = true</script>');
    await expect(closePages()).rejects.toThrow(/CSP violation: script-src-elem refused inline/);
  });

  it('find an inline style that the policy refuses', async () => {
    await opened('<p style="color: red">red</p>');
    await expect(closePages()).rejects.toThrow(/CSP violation: style-src-attr/);
  });

  it('find an uncaught error and a rejection nobody handles', async () => {
    const page = await opened('<script src="/__page.js"></script>');
    await serve(
      page,
      '/__page.js',
      'Promise.reject(new Error("left alone")); throw new Error("uncaught")',
      'text/javascript',
    );
    await page.reload();
    const closed = closePages().catch((error: Error) => error.message);
    expect(await closed).toMatch(/page error: Error: uncaught/);
    expect(await closed).toMatch(/page error: Error: left alone/);
  });

  it('find a request to another origin', async () => {
    const page = await opened('');
    await page.route('https://elsewhere.invalid/**', (route) => route.fulfill({ body: '' }));
    allowProblems(page, /CSP/);
    await page.goto('https://elsewhere.invalid/');
    await expect(closePages()).rejects.toThrow('request to another origin: https://elsewhere.invalid/');
  });

  it('find a console error, unless the test has said that it comes', async () => {
    const page = await opened('');
    await answerApi(page, '/nothing', {}, 404);
    const ask = () => page.evaluate(async () => (await fetch('/api/v1/nothing')).status);
    expect(await ask()).toBe(404);
    await expect(closePages()).rejects.toThrow(/console error: .*404/);

    const prepared = await opened('');
    await answerApi(prepared, '/nothing', {}, 404);
    expectProblems(prepared, /404/);
    await prepared.evaluate(() => fetch('/api/v1/nothing'));
    await closePages();
  });

  it('miss a problem that was announced and did not come', async () => {
    expectProblems(await opened(''), /never/);
    await expect(closePages()).rejects.toThrow('expected, but did not happen: /never/');
  });
});

describe('what is measured', () => {
  it('axe: a button without a name', async () => {
    const page = await opened('<button></button>');
    await expect(axe(page, 'a bad page')).rejects.toThrow(
      /a bad page: axe found 1 .*\n- button-name \(critical\): button/,
    );
    await axe(await opened('<button>Send</button>'), 'a good page');
  });

  it('reflow: an element of 500 px on a phone, a scroller that is not marked', async () => {
    const wide = await opened('<p class="wide">wide</p>', '.wide { width: 500px }', { viewport: 'phone' });
    await expect(reflows(wide)).rejects.toThrow(/at 390 px: the page is 5\d\d px wide: <p\.wide> "wide" ends at 5\d\d/);
    const css = 'div { overflow-x: auto } p { width: 500px }';
    await expect(reflows(await opened('<div><p>x</p></div>', css, { viewport: 'phone' }))).rejects.toThrow(
      /<div> "x" scrolls sideways in itself/,
    );
    await reflows(await opened('<div data-scrolls-sideways><p>x</p></div>', css, { viewport: 'phone' }));
  });

  it('reflow: what is wide only at 320 px and at 200 %, and the page is as before afterwards', async () => {
    const page = await opened('<p class="wide">wide</p>', 'body { margin: 0 } .wide { width: 350px }', {
      viewport: 'phone',
    });
    const problem = await reflows(page).catch((error: Error) => error.message);
    expect(problem).toMatch(/at 320 px/);
    expect(problem).not.toMatch(/at 390 px/);
    const desk = await opened('<p class="wide">wide</p>', 'body { margin: 0 } .wide { width: 800px }');
    expect(await reflows(desk).catch((error: Error) => error.message)).toMatch(/at 200 % zoom/);
    expect(await desk.evaluate(() => [innerWidth, innerHeight, devicePixelRatio])).toEqual([1440, 900, 1]);
  });

  it('targets: a small button; not a link in text, a widened or a labelled one', async () => {
    const css = `button { all: unset; width: 20px; height: 20px; display: block; position: relative; margin: 40px }
      .wide::after { content: ""; position: absolute; inset: -12px }
      label { display: block; line-height: 44px }`;
    const small = await opened('<button aria-label="Close">x</button>', css);
    await expect(targets(small, 44)).rejects.toThrow(/targets under 44 px\n- <button> "Close" is 20.0 x 20.0/);
    await targets(small, 20);
    await targets(
      await opened(
        '<p>Read <a href="/">the rules</a> first.</p><button class="wide">x</button><label><input type="checkbox"> Yes</label>',
        css,
      ),
      44,
    );
  });
});

describe('keyboard', () => {
  const three = '<a href="/">Home</a><button>Send</button><input aria-label="Name">';

  it('tells role and name of each stop, and ends when it has gone round', async () => {
    const stops = await keyboardStops(await opened(three));
    expect(stops.map(({ role, name }) => [role, name])).toEqual([
      ['link', 'Home'],
      ['button', 'Send'],
      ['textbox', 'Name'],
    ]);
    expect(stops[1]?.box.width).toBeGreaterThan(10);
  });

  it('finds focus that cannot be seen, also where a shadow is always there', async () => {
    const unseen = await opened(three, 'button:focus { outline: none }');
    await expect(keyboardStops(unseen)).rejects.toThrow(/button "Send" \(<button>\): focus cannot be seen/);
    const always = await opened(three, 'button:focus { outline: none } button { box-shadow: 0 0 3px black }');
    await expect(keyboardStops(always)).rejects.toThrow(/button "Send": looks the same with and without focus/);
  });

  it('finds focus under a bar that stays', async () => {
    const page = await opened(
      `${three}<div class="bar">bar</div>`,
      '.bar { position: fixed; inset: 0 0 auto; height: 200px; background: white }',
    );
    await expect(keyboardStops(page)).rejects.toThrow(/link "Home" .*: covered by <div.bar>/);
  });

  it('finds focus outside the page', async () => {
    const page = await opened(three, 'button { position: absolute; left: -500px }');
    await expect(keyboardStops(page)).rejects.toThrow(/button "Send" .*: outside the viewport/);
  });

  it('finds a trap, and takes an open dialog for none', async () => {
    const script = `
      const [home, button] = document.querySelectorAll('a, button');
      button.addEventListener('keydown', (event) => { if (event.key === 'Tab') { event.preventDefault(); home.focus(); } });`;
    const page = await openPage();
    await serve(page, '/__trap.js', script, 'text/javascript');
    await serve(page, '/__trap', `<!doctype html><title>A trap</title>${three}<script src="/__trap.js"></script>`);
    await page.goto('/__trap');
    await expect(keyboardStops(page)).rejects.toThrow(/focus is caught: Tab never reaches <input>/);

    const dialog = await opened(`${three}<dialog><button>Yes</button><button>No</button></dialog>`);
    await dialog.evaluate(() => document.querySelector('dialog')?.showModal());
    const stops = await keyboardStops(dialog);
    expect(stops.map((stop) => stop.name).sort()).toEqual(['No', 'Yes']);
  });
});

describe('hostile texts', () => {
  it('are names that the system takes, unchanged', () => {
    for (const name of HOSTILE_NAMES) expect(line(200).parse(name)).toBe(name);
  });

  it('pass where they are text, and are found where they run or are changed', async () => {
    const page = await opened('<ul></ul>');
    await page.evaluate((names) => {
      for (const name of names) {
        const item = document.createElement('li');
        item.textContent = name;
        document.querySelector('ul')?.append(item);
      }
    }, HOSTILE_NAMES);
    await inert(page, ...HOSTILE_NAMES);
    await expect(inert(page, 'not there')).rejects.toThrow(/not shown as typed: \["not there"\]/);

    // Written as HTML under a policy that stops nothing, the first of them runs.
    const bad = await openPage();
    allowProblems(bad, /404/);
    await bad.route('**/__bad', (route) => route.fulfill({ contentType: 'text/html', body: `<p>${HOSTILE_NAMES[0]}` }));
    await bad.route('**/x', (route) => route.fulfill({ status: 404 }));
    await bad.goto('/__bad');
    await bad.waitForFunction('window.__owned !== undefined');
    await expect(inert(bad)).rejects.toThrow('ran as code');
  });
});

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

describe('fonts', () => {
  it('draw Latin letters and hanzi, not boxes', async () => {
    const page = await opened('<p lang="zh">欧阳明慧</p>', 'p { font: 40px system-ui }');
    const ink = await page.evaluate(() => {
      const drawn = (text: string, weight: string) => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        if (!context) throw new Error('no canvas');
        context.font = `${weight} 40px system-ui`;
        context.fillText(text, 10, 60);
        return context.getImageData(0, 0, 300, 150).data.join('');
      };
      // The last is in a private area that no font fills: how a missing glyph looks.
      return ['汉', '字', 'é', 'Q', '\ue123'].flatMap((text) => [drawn(text, '400'), drawn(text, '700')]);
    });
    // Nine pictures of ten: a glyph that is missing may look alike in both weights.
    expect(new Set(ink).size).toBeGreaterThanOrEqual(9);
    expect(statSync(await shot(page, 'rig fonts')).size).toBeGreaterThan(1_000);
  });
});

describe('the camera', () => {
  const text = `PLENARY:${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.repeat(3).slice(0, 127)}`;

  it('shows a badge that reads as what it says, and then none', async () => {
    const png = await toBuffer([{ data: text, mode: 'alphanumeric' }], {
      errorCorrectionLevel: 'M',
      scale: 7,
      margin: 4,
    });
    const camera = fakeCamera({ scenes: [{ seconds: 0.4 }, { png, seconds: 0.4 }], framesPerSecond: 5 });
    expect(existsSync(camera)).toBe(true);
    const page = await openPage({ camera });
    await serve(page, '/__camera', '<!doctype html><title>Camera</title><video muted></video><canvas></canvas>');
    await page.goto('/__camera');
    await page.evaluate(async () => {
      const video = document.querySelector('video');
      if (!video) throw new Error('no video');
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
      await video.play();
    });
    const seen = new Set<string | undefined>();
    for (let frame = 0; frame < 60 && seen.size < 2; frame += 1) {
      const { data, width, height } = PNG.sync.read(await nextFrame(page));
      expect([width, height]).toEqual([1280, 720]);
      seen.add(jsQR(new Uint8ClampedArray(data), width, height)?.data);
    }
    expect(seen).toEqual(new Set([undefined, text]));
  });

  async function nextFrame(page: Page): Promise<Buffer> {
    const url = await page.evaluate(async () => {
      const video = document.querySelector('video') as HTMLVideoElement;
      const canvas = document.querySelector('canvas') as HTMLCanvasElement;
      await new Promise((shown) => video.requestVideoFrameCallback(shown));
      [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
      canvas.getContext('2d')?.drawImage(video, 0, 0);
      return canvas.toDataURL('image/png');
    });
    return Buffer.from(url.split(',')[1] ?? '', 'base64');
  }
});

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

describe('the start page', () => {
  const looks = pairwise({ viewport: ['phone', 'desk'], locale: ['en', 'zh-CN'], scheme: ['light', 'dark'] });

  it.each(looks)('is for everybody: $viewport, $locale, $scheme', async (look) => {
    const page = await openPage({ ...look, path: '/' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    await axe(page, 'start page');
    await targets(page, 24);
    await reflows(page);
    const stops = await keyboardStops(page);
    expect(stops.map((stop) => stop.role)).toContain('link');
    await shot(page, `start ${look.viewport} ${look.locale} ${look.scheme}`, { fullPage: true });
  });
});
