import { routes } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { Conference, minutes } from '../e2e/world';
import { openPage, type Page } from './browser';
import { openStaffPage } from './staff-page';

/** What a first visit loads: gzipped JavaScript as it comes over the line, language and first page included, nothing cached. */

let conference: Conference;

beforeAll(async () => {
  conference = await Conference.create();
  await conference.subForum({ title: { en: 'Smart Water' }, startsAt: minutes(10), endsAt: minutes(60) });
});

/** kB of JavaScript, and the names that came, once the page stands and a second brings no more. */
async function firstLoad(page: Page, ready: { waitFor(): Promise<void> }) {
  await ready.waitFor();
  const scripts = () =>
    page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => name.endsWith('.js'))
        .map(({ name, encodedBodySize }) => ({ name: name.replace(/.*\//, ''), bytes: encodedBodySize })),
    );
  // A page that listens to a stream is never idle.
  let before = 0;
  const loaded = await until(
    async () => {
      const now = await scripts();
      const whole = now.length === before && now.every(({ bytes }) => bytes > 0);
      before = now.length;
      return whole ? now : undefined;
    },
    { what: `${page.url()} to have loaded`, everyMs: 1000 },
  );
  const kilobytes = loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  const { pathname } = new URL(page.url());
  process.stderr.write(
    `    first load of ${pathname.replace(conference.slug, '{slug}')}: ${kilobytes.toFixed(1)} kB of JavaScript\n`,
  );
  return { kilobytes, names: loaded.map(({ name }) => name) };
}

const phone = (path: string) => openPage({ viewport: 'phone', path });

it('the programme takes at most 150 kB', async () => {
  const page = await phone(`/c/${conference.slug}`);
  expect((await firstLoad(page, page.getByText('Smart Water').first())).kilobytes).toBeLessThanOrEqual(150);
});

it('the form takes at most 150 kB, opened first of all, its checks included', async () => {
  const page = await phone(`/c/${conference.slug}/register`);
  expect((await firstLoad(page, page.getByRole('textbox').first())).kilobytes).toBeLessThanOrEqual(150);
});

it('a registration of one’s own takes at most 150 kB', async () => {
  const { token } = await conference.register();
  const page = await phone(`/r/#${token}`);
  expect((await firstLoad(page, page.getByRole('heading', { level: 1 }))).kilobytes).toBeLessThanOrEqual(150);
});

it('the door takes at most 150 kB, without the decoder of QR codes', async () => {
  const page = await phone('/door');
  const { kilobytes, names } = await firstLoad(page, page.getByRole('heading', { level: 1 }));
  expect(kilobytes).toBeLessThanOrEqual(150);
  expect(names.filter((name) => /worker|wasm|zxing/i.test(name))).toEqual([]);
});

it('the live board takes at most 250 kB', async () => {
  const account = { email: 'organiser@plenary.example', password: 'plenary-demo' };
  const tokens = await stack().client.call(routes.signIn, { body: account });
  const page = await openStaffPage(tokens, `/organiser/${conference.slug}/live`);
  expect((await firstLoad(page, page.getByText('Smart Water').first())).kilobytes).toBeLessThanOrEqual(250);
});
