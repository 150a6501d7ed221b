import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type NewSubForum, routes, type SubForum } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { badgeOf, Conference, type Delegate, inParallel, minutes, scan } from '../e2e/world';
import {
  answerApi,
  axe,
  combinations,
  expectProblems,
  failApi,
  goOffline,
  goOnline,
  HOSTILE_NAMES,
  holdApi,
  inert,
  keyboardStops,
  openPage,
  type Page,
  type PageOptions,
  reflows,
  shot,
  targets,
} from './browser';

/** The organiser's board, wall and sub-forums, as an organiser uses them. */

let conference: Conference;
/** Two seats, both taken, three people waiting. */
let full: SubForum;
let room: Awaited<ReturnType<Conference['room']>>;
let guests: Delegate[];

beforeAll(async () => {
  conference = await Conference.create();
  const now: Partial<NewSubForum> = { startsAt: minutes(-5), endsAt: minutes(90), floor: '2F' };
  room = await conference.room({ ...now, title: { en: 'The room with a door', 'zh-CN': '有门的会场' }, room: 'R 1' });
  full = await conference.subForum({ ...now, title: { en: 'The full one' }, room: 'R 2', capacity: 2 });
  const titles = [...HOSTILE_NAMES, ...Array.from({ length: 8 }, (_, index) => `Another one, no. ${index + 1}`)];
  await inParallel(4, titles, (title) =>
    conference.subForum({ title: { en: title }, floor: '9F', startsAt: minutes(30), endsAt: minutes(60) }),
  );
  for (let waiting = 0; waiting < 5; waiting += 1) await conference.register([full.id]);
  guests = await inParallel(2, [1, 2, 3], () => conference.register([room.subForum.id]));
});

const at = (page: string) => `/organiser/${conference.slug}/${page}`;

/** A page of somebody who is signed in already: the cookie is there, the form has its own test. */
async function openAs(account: { email: string; password: string }, path?: string, options: PageOptions = {}) {
  const page = await openPage(options);
  const { url } = stack();
  const signedIn = await page.request.post(`${url}/api/v1/auth/sign-in`, { data: account, headers: { origin: url } });
  expect(signedIn.status()).toBe(200);
  await page.addInitScript(() => localStorage.setItem('plenary.signed-in', '1'));
  if (path !== undefined) await page.goto(path);
  return page;
}
const organiser = { email: 'organiser@plenary.example', password: 'plenary-demo' };
const open = (path: string, options?: PageOptions) => openAs(organiser, at(path), options);

const rowOf = (page: Page, subForum: SubForum) => page.locator(`tr[data-key="${subForum.id}"]`);

/** The text of a cell by the name of its column. */
async function cell(page: Page, subForum: SubForum, column: string): Promise<string> {
  const row = rowOf(page, subForum);
  await row.waitFor();
  return row.evaluate((element, name) => {
    const heads = [...(element.closest('table')?.querySelectorAll('thead th') ?? [])];
    const index = heads.findIndex((head) => head.textContent === name);
    return element.children[index]?.textContent ?? `no column ${name}`;
  }, column);
}
const becomes = (page: Page, subForum: SubForum, column: string, value: string) =>
  until(async () => ((await cell(page, subForum, column)) === value ? true : undefined), {
    what: `${column} ${value} on the board`,
    everyMs: 20,
  });

describe('signing in', () => {
  it('by keyboard, to where one wanted to go; a wrong password is said in words', async () => {
    const page = await openPage({ path: at('live?floor=9F') });
    expectProblems(page, /401/);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await axe(page, 'sign-in');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type(organiser.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByText('E-mail or password is wrong').waitFor();
    await axe(page, 'sign-in refused');
    await expect(page.getByLabel('Password').evaluate((field) => field === document.activeElement)).resolves.toBe(true);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(organiser.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    expect(page.url()).toContain(at('live?floor=9F'));
    // A reload is signed in by the cookie; signed out, nobody is.
    await page.reload();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('too often is said in words', async () => {
    const page = await openPage({ path: '/organiser' });
    await failApi(page, '/auth/sign-in', { status: 429, code: 'sign_in_slowed' });
    await page.getByLabel('E-mail').fill('a@b.example');
    await page.getByLabel('Password').fill('whatever');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Too many attempts. Try again in 1 minute.').waitFor();
  });

  it('with a password set by a one-time link: a co-host sees its own sub-forum and no more', async () => {
    const email = `${randomUUID()}@staff.example`;
    const { link } = await conference.organiser.call(routes.createStaff, {
      params: { slug: conference.slug },
      body: { name: 'Co Host', email, roles: [{ role: 'cohost', subForumIds: [room.subForum.id] }] },
    });
    const page = await openPage({ path: `/s/#${link}` });
    expectProblems(page, /422/);
    const set = page.getByRole('button', { name: 'Set password' });
    await page.getByLabel('New password', { exact: true }).fill('short');
    await page.getByLabel('New password again').fill('short');
    await set.click();
    await page.getByText('The password is too short.').waitFor();
    await axe(page, 'set a password');
    await targets(page, 24);
    await reflows(page);
    for (const label of ['New password', 'New password again'])
      await page.getByLabel(label, { exact: true }).fill('a few words in a row');
    await set.click();
    await page.getByText('Your password is set.').waitFor();
    await page.reload();
    await page.getByLabel('New password', { exact: true }).fill('another few words');
    await page.getByLabel('New password again').fill('another few words');
    await set.click();
    await page.getByText('This link is wrong, used or too old.').waitFor();

    const own = await openAs({ email, password: 'a few words in a row' }, '/organiser');
    await rowOf(own, room.subForum).waitFor();
    expect(own.url()).toContain(at('live'));
    expect(await own.getByRole('row').filter({ hasText: 'R 2' }).count()).toBe(0);
    const pages = own.getByRole('navigation').getByRole('link');
    expect(await pages.allTextContents()).toEqual(['Live', 'Sub-forums']);
    await own.getByRole('link', { name: 'The room with a door' }).click();
    await own.getByLabel('Walk-ins').waitFor();
    expect(await own.getByLabel('Room cap').count()).toBe(0);
    expect(await own.getByRole('button', { name: 'Cancel this sub-forum' }).count()).toBe(0);
    await own.goto(at('registrations'));
    await own.goto(at(`sub-forums/${full.id}`));
    await own.getByRole('heading', { name: 'Nothing here' }).waitFor();
  });
});

describe('the live board', () => {
  it('moves when somebody is scanned, keeps rows in their places while pointed at, and shows 20 of them', async () => {
    const page = await open('live?sort=-inside');
    await becomes(page, room.subForum, 'Inside', '0');
    await shot(page, 'board live desk');
    const seen = await page
      .locator('tbody tr[data-key]')
      .evaluateAll((rows) => rows.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length);
    expect(seen).toBeGreaterThanOrEqual(20);
    await inert(page, ...HOSTILE_NAMES);

    const [first] = guests;
    const badge = await badgeOf(first as Delegate);
    await page.locator('table').first().hover();
    const before = await orderOf(page);
    const verdict = await scan(room.door, room.gate, badge);
    const scanned = Date.now();
    expect(verdict.verdict).toBe('admitted');
    await becomes(page, room.subForum, 'Inside', '1');
    const took = Date.now() - scanned;
    process.stdout.write(`the board moved ${took} ms after the answer to the scan\n`);
    expect(took).toBeLessThan(5_000);
    expect(await orderOf(page)).toEqual(before);
    await page.mouse.move(2, 2);
    await until(async () => ((await orderOf(page))[0] === room.subForum.id ? true : undefined), {
      what: 'the room with somebody inside on top',
    });
  });

  const orderOf = (page: Page) =>
    page
      .locator('tbody tr[data-key]')
      .evaluateAll((rows, known) => rows.map((row) => row.getAttribute('data-key')).slice(0, known), 24);

  it('says how old its numbers are when the feed is lost, and catches up', async () => {
    const page = await open('live');
    const inside = Number(await cell(page, room.subForum, 'Inside'));
    await page.getByText(/^●?Live, \d+\.\d s ago$/).waitFor();
    await goOffline(page);
    const cut = Date.now();
    await page.getByText(/Live feed lost \d+ s ago\. Numbers are from \d\d:\d\d:\d\d\./).waitFor();
    expect(Date.now() - cut).toBeLessThan(3_000);
    const guest = guests[1] as Delegate;
    await scan(room.door, room.gate, await badgeOf(guest));
    await goOnline(page);
    await becomes(page, room.subForum, 'Inside', String(inside + 1));
    await page.getByText(/^●?Live, \d+\.\d s ago$/).waitFor();
  });

  it('has trouble first; sorts, filters and searches in the address; exports what is shown', async () => {
    const page = await open('live');
    await rowOf(page, full).waitFor();
    expect(await page.locator('tbody tr[data-key]').first().getAttribute('data-key')).toBe(full.id);
    expect(await cell(page, full, 'State')).toContain('Full');
    expect(await cell(page, full, 'Waitlisted')).toBe('3');

    const head = page.getByRole('columnheader', { name: 'Capacity' });
    await head.getByRole('button').click();
    await page.waitForURL(/sort=-capacity/);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await page.getByLabel('Floor').selectOption('2F');
    await page.getByLabel('Search title, room, code').fill('door');
    await page.waitForURL(/q=door/);
    const rows = page.locator('table').first().locator('tbody tr');
    await until(async () => ((await rows.count()) === 1 ? true : undefined), { what: 'one row' });
    await page.reload();
    await rowOf(page, room.subForum).waitFor();
    expect(await rows.count()).toBe(1);
    await page.getByLabel('Search title, room, code').fill('no such thing');
    await page.getByText('No sub-forum matches.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rowOf(page, full).waitFor();

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ]);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text.startsWith('\ufeffCode,Title,Room')).toBe(true);
    expect(text).toContain("'=cmd|' /C calc'!A0");
    expect(text.split('\r\n').length).toBeGreaterThan(20);
  });
});

describe('a sub-forum', () => {
  it('tells what a new capacity does before it is applied, and what somebody else has stored meanwhile', async () => {
    const page = await open(`sub-forums/${full.id}`);
    expectProblems(page, /412/, /409/);
    const capacity = page.getByLabel('Capacity', { exact: true });
    await capacity.fill('1');
    await page.getByText('Nobody loses a seat; 1 over until they leave.').waitFor();
    await capacity.fill('4');
    await page.getByText('Raising to 4 promotes 2 people now.').waitFor();
    await axe(page, 'sub-forum with a preview');
    const stops = (await keyboardStops(page)).map((stop) => `${stop.role} ${stop.name}`);
    expect(stops).toEqual(expect.arrayContaining(['link Live', 'textbox Capacity', 'button Apply', 'button Sign out']));
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Saved. 2 people have a seat now.').waitFor();
    const waiting = page.getByRole('region', { name: 'Waitlist' }).or(page.locator('section', { hasText: 'Waitlist' }));
    await until(async () => ((await waiting.locator('tbody tr[data-key]').count()) === 1 ? true : undefined), {
      what: 'one who still waits',
    });
    const { capacity: stored, confirmed } = await stack().client.call(routes.getSubForum, { params: { id: full.id } });
    expect([stored, confirmed]).toEqual([4, 4]);

    // Out of turn there is no seat either while all are taken.
    await waiting.getByRole('button', { name: /out of turn/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Next in turn: nobody is passed over.').waitFor();
    await dialog.getByRole('button', { name: 'Promote' }).click();
    await dialog.getByText('Give a reason').waitFor();
    await dialog.getByLabel('Reason').fill('The minister’s interpreter');
    await dialog.getByRole('button', { name: 'Promote' }).click();
    await dialog.getByText('No seat is free.').waitFor();
    await axe(page, 'promote out of turn');
    await page.keyboard.press('Escape');

    await capacity.fill('5');
    await page.getByText('Raising to 5 promotes 1 person now.').waitFor();
    await conference.change(full.id, { walkIn: 'always' });
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Somebody changed this sub-forum meanwhile.').waitFor();
    await page.getByText('Walk-ins: now Always').waitFor();
    expect(await capacity.inputValue()).toBe('5');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Saved. 1 person has a seat now.').waitFor();
    const after = await stack().client.call(routes.getSubForum, { params: { id: full.id } });
    expect([after.capacity, after.walkIn, after.waitlisted]).toEqual([5, 'always', 0]);
  });

  it('is cancelled only by whoever types its code', async () => {
    const doomed = await conference.subForum({ title: { en: 'Soon cancelled' } });
    const page = await open(`sub-forums/${doomed.id}`);
    await page.getByRole('button', { name: 'Cancel this sub-forum' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(`Type ${doomed.code} to confirm`).fill('something else');
    await dialog.getByRole('button', { name: 'Cancel it for good' }).click();
    await dialog.getByText(`This is not ${doomed.code}.`).waitFor();
    await dialog.getByLabel(`Type ${doomed.code} to confirm`).fill(doomed.code);
    await dialog.getByRole('button', { name: 'Cancel it for good' }).click();
    await page.getByText('This sub-forum is cancelled.').waitFor();
    expect((await stack().client.call(routes.getSubForum, { params: { id: doomed.id } })).state).toBe('cancelled');
  });
});

describe('the wall', () => {
  it('by a link shows counts and no names, and goes dark when the link is revoked', async () => {
    const page = await open('wall', { context: { viewport: { width: 1920, height: 1080 } } });
    await page.getByRole('button', { name: 'Links for screens' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Where the screen is').fill('Foyer');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const address = await dialog.getByLabel('Address of the wall').inputValue();
    await axe(page, 'links of the wall');
    const screen = await openPage({
      path: address.replace(stack().url, ''),
      context: { viewport: { width: 1920, height: 1080 } },
    });
    expectProblems(screen, /401/);
    const tile = screen.getByRole('listitem').filter({ hasText: 'R 1' });
    const inside = async () => Number((await tile.getByText(/^\d+ \/ 100$/).textContent())?.split(' ')[0]);
    await tile.waitFor();
    const before = await inside();
    await scan(room.door, room.gate, await badgeOf(guests[2] as Delegate));
    await until(async () => ((await inside()) === before + 1 ? true : undefined), { what: 'one more on the wall' });
    const text = (await screen.textContent('body')) ?? '';
    expect(text).not.toContain('欧阳明慧');
    expect(text).toMatch(/\d\d:\d\d:\d\d/);
    await axe(screen, 'wall');
    await targets(screen, 24);
    await reflows(screen);
    await shot(screen, 'wall');

    await dialog.getByRole('button', { name: 'Revoke Foyer' }).click();
    await dialog.getByRole('button', { name: 'Revoke: its screens go dark' }).click();
    await dialog.getByText('There is no link yet.').waitFor();
    await screen.getByRole('heading', { name: 'This wall is dark' }).waitFor();
    expect(await screen.getByText('R 1').count()).toBe(0);
  });
});

describe('every screen is for everybody', () => {
  const nothing = { items: [], nextCursor: null };
  const screens: Record<
    string,
    { path: () => string; make?: (page: Page) => Promise<unknown>; seen: (page: Page) => Promise<unknown> }
  > = {
    conferences: {
      path: () => '/organiser?all',
      seen: (page) => page.locator(`a[href$="${conference.slug}"]`).waitFor(),
    },
    live: { path: () => at('live'), seen: (page) => rowOf(page, full).waitFor() },
    'live loading': {
      path: () => at('live'),
      make: (page) => holdApi(page, '/attendance/events'),
      seen: (page) => page.locator('table[aria-busy]').first().waitFor(),
    },
    'live refused': {
      path: () => at('live'),
      make: (page) => failApi(page, '/attendance/events', { status: 403, code: 'forbidden' }),
      seen: (page) => page.getByRole('alert').waitFor(),
    },
    'sub-forums': { path: () => at('sub-forums'), seen: (page) => rowOf(page, full).waitFor() },
    'sub-forums empty': {
      path: () => at('sub-forums'),
      make: (page) => answerApi(page, '/sub-forums', nothing),
      seen: (page) => page.locator('tbody td[colspan]').waitFor(),
    },
    'sub-forums refused': {
      path: () => at('sub-forums'),
      make: (page) => failApi(page, '/sub-forums', { status: 400, code: 'made_by_the_test', traceId: 'abc' }),
      seen: (page) => page.getByText('made_by_the_test · abc').waitFor(),
    },
    'sub-forum': { path: () => at(`sub-forums/${full.id}`), seen: (page) => page.locator('#settings').waitFor() },
    'sub-forum offline': {
      path: () => at(`sub-forums/${full.id}`),
      seen: async (page) => {
        await page.locator('#roster').waitFor();
        await goOffline(page);
        await page
          .getByText(/You are offline|离线/)
          .first()
          .waitFor();
      },
    },
    wall: { path: () => at('wall'), seen: (page) => page.getByRole('listitem').first().waitFor() },
    nothing: { path: () => at('no-such-page'), seen: (page) => page.locator('main a[href="/organiser"]').waitFor() },
  };
  const cases = combinations({
    screen: Object.keys(screens),
    viewport: ['phone', 'desk'],
    locale: ['en', 'zh-CN'],
    scheme: ['light', 'dark'],
  });

  it.each(cases)('$screen: $viewport, $locale, $scheme', async ({ screen, ...look }) => {
    const { path, make, seen } = screens[screen] as (typeof screens)[string];
    const page = await openAs(organiser, undefined, look as PageOptions);
    await make?.(page);
    await page.goto(path());
    await seen(page);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    expect(await page.title()).toMatch(/ · Plenary$/);
    await axe(page, `${screen} ${look.locale}`);
    await targets(page, 24);
    await reflows(page);
    await shot(page, `organiser ${screen} ${look.viewport} ${look.locale} ${look.scheme}`);
  });
});
