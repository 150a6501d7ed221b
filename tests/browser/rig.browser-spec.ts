import { line } from '@plenary/contracts';
import {
  allowProblems,
  answerApi,
  axe,
  closePages,
  expectProblems,
  HOSTILE_NAMES,
  inert,
  openPage,
  reflows,
  targets,
} from './browser';
import { opened, serve } from './own-page';

/** The tools prove themselves: each finds what it is there to find, and lets pass what is right. */
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
