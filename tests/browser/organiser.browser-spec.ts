import { routes } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import jsQR from 'jsqr';
import type { Locator } from 'playwright-core';
import { PNG } from 'pngjs';
import { badgeOf, Conference, type Delegate, minutes, scanOf } from '../e2e/world';
import { expectProblems, HOSTILE_NAMES, inert, type Page } from './browser';
import { openStaffPage, type StaffTokens, staffOf } from './staff-page';

/** What organisers, supervisors and the desk do with registrations, doors and conflicts, as people do it. */

let conference: Conference;
let tokens: StaffTokens;
let subForumId: string;
let home: string;
let people: Delegate[];

beforeAll(async () => {
  conference = await Conference.create();
  home = `/organiser/${conference.slug}`;
  const body = { email: 'organiser@plenary.example', password: 'plenary-demo' };
  tokens = await stack().client.call(routes.signIn, { body });
  const room = await conference.subForum({ title: { en: 'Smart Water', 'zh-CN': '智慧水务' }, capacity: 50 });
  subForumId = room.id;
  await approveByHand();
  const names = ['Wei Xiaolan', 'Grace Yee', 'Tom Baker', 'Ana Lucía', ...HOSTILE_NAMES];
  people = [];
  for (const [index, name] of names.entries()) {
    const email = `p${index}@${index === 1 ? 'eaton' : 'delegates'}.example`;
    people.push(
      await conference.register([subForumId], { person: { name, email, organisation: 'Data Bureau' }, locale: 'en' }),
    );
  }
});

/** Registrations wait for approval from here on, whichever replica takes them. */
async function approveByHand(): Promise<void> {
  const { slug, organiser } = conference;
  const read = () => organiser.request(routes.getRegistrationForm, { params: { slug } });
  const form = await until(() => read().catch(() => undefined), { what: 'the registration form' });
  const { conferenceId: _, open: __, categories: ___, ...settings } = form.body;
  await organiser.call(
    routes.putRegistrationForm,
    { params: { slug }, body: { ...settings, approval: 'manual' } },
    { ifMatch: form.etag as string },
  );
  let heard = 0;
  await until(
    async () => {
      heard = (await read()).body.approval === 'manual' ? heard + 1 : 0;
      return heard === 8;
    },
    { what: 'every replica to have heard of it' },
  );
}

const person = (index: number) => people[index] as Delegate;
const statusOf = async (index: number) =>
  (await conference.organiser.call(routes.getRegistration, { params: { id: person(index).id } })).status;
const button = (within: Page | Locator, name: string | RegExp) => within.getByRole('button', { name, exact: true });
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'By status' }).getByRole('link', { name });

describe('registrations', () => {
  it('begin with those who wait, are searched by name and by domain, and show hostile names as typed', async () => {
    const page = await openStaffPage(tokens, `${home}/registrations`);
    await tab(page, 'To approve 18').and(page.locator('[aria-current]')).waitFor();
    expect(page.url()).toContain('status=pending');
    await page.getByText('18 registrations shown').waitFor();
    await inert(page, ...HOSTILE_NAMES);
    const search = page.getByRole('searchbox', { name: 'Search' });
    for (const [text, name] of [
      ['xiaolan', 'Wei Xiaolan'],
      ['eaton.example', 'Grace Yee'],
    ] as const) {
      await search.fill(text);
      await page.getByText('1 registration shown').waitFor();
      await page.getByRole('link', { name }).waitFor();
      expect(new URL(page.url()).searchParams.get('q')).toBe(text);
    }
    await search.fill('nobody has this name');
    await page.getByText('Nothing matches.').waitFor();
    await button(page, 'Clear filters').first().click();
    await page.getByText('18 registrations shown').waitFor();
    expect(await search.inputValue()).toBe('');
  });

  it('are approved in bulk by keyboard; what fails is named, and nothing else is stopped by it', async () => {
    const page = await openStaffPage(tokens, `${home}/registrations?status=pending`);
    await page.getByText('18 registrations shown').waitFor();
    // Somebody else is faster with one of them: the page does not know yet.
    await conference.organiser.call(routes.cancelRegistration, { params: { id: person(3).id }, body: {} });
    expectProblems(page, /409/);
    await page.getByRole('checkbox', { name: 'Choose all' }).focus();
    await page.keyboard.press('Space');
    await page.getByText('18 of 18 chosen').waitFor();
    await backTo(page, 'Approve');
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Approve 18 registrations?' });
    await question.waitFor();
    await onTo(page, 'Approve');
    await page.keyboard.press('Enter');
    const result = page.getByRole('dialog', { name: '17 registrations are approved.' });
    await result.waitFor();
    await result.getByText('1 did not work').waitFor();
    expect(await result.getByRole('listitem').textContent()).toContain('Ana Lucía');
    expect(await result.getByRole('listitem').textContent()).toContain('transition_not_allowed');
    const { byStatus } = await conference.organiser.call(routes.registrationCounts, {
      params: { slug: conference.slug },
    });
    expect(byStatus).toEqual({ pending: 0, approved: 17, declined: 0, cancelled: 1 });
    await page.keyboard.press('Escape');
    await page.getByText('Nobody waits for approval.').waitFor();
    await tab(page, 'Approved 17').click();
    await page.getByText('17 registrations shown').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A');
  });

  it('are declined and reset, as many as are chosen', async () => {
    const page = await openStaffPage(tokens, `${home}/registrations?status=approved`);
    for (const index of [1, 2]) {
      await page.getByRole('checkbox', { name: `Choose ${person(index).registration.person.name}` }).check();
    }
    await page.getByText('2 of 17 chosen').waitFor();
    await button(page, 'Decline').click();
    await button(page.getByRole('dialog', { name: 'Decline 2 registrations?' }), 'Decline').click();
    await button(page.getByRole('dialog', { name: '2 registrations are declined.' }), 'Close').click();
    await tab(page, 'Not approved 2').click();
    await page.getByRole('checkbox', { name: 'Choose Grace Yee' }).check();
    await button(page, 'Reset').click();
    await button(page.getByRole('dialog', { name: 'Reset 1 registration?' }), 'Reset').click();
    await page.getByRole('dialog', { name: '1 registration waits for approval again.' }).waitFor();
    expect([await statusOf(1), await statusOf(2)]).toEqual(['pending', 'declined']);
  });

  it('are decided one by one; seat and badge follow by themselves, and Back finds the list as it was', async () => {
    const page = await openStaffPage(tokens, `${home}/registrations?status=all&q=ana`);
    await page.getByRole('link', { name: 'Ana Lucía' }).click();
    await page.getByRole('heading', { level: 1, name: 'Ana Lucía' }).waitFor();
    await button(page, 'Reinstate').click();
    await button(page.getByRole('dialog'), 'Reinstate').click();
    await page.getByRole('status').filter({ hasText: 'Reinstated.' }).waitFor();
    expect(await statusOf(3)).toBe('pending');
    await button(page, 'Approve').click();
    await button(page.getByRole('dialog'), 'Approve').click();
    await page.getByRole('region', { name: 'Seats' }).getByText('Confirmed').waitFor();
    await page.getByRole('region', { name: 'Badge' }).getByText('Valid').waitFor();
    await page.getByRole('link', { name: 'All registrations' }).click();
    const row = page.getByRole('link', { name: 'Ana Lucía' });
    await row.and(page.locator(':focus')).waitFor();
    expect(new URL(page.url()).search).toBe('?status=all&q=ana');
  });

  it('have a badge that is reissued and withdrawn, with a reason', async () => {
    await badgeOf(person(0));
    const page = await openStaffPage(tokens, `${home}/registrations/${person(0).id}`);
    const badge = page.getByRole('region', { name: 'Badge' });
    await button(badge, 'Reissue badge').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('stops working at every online door now').waitFor();
    await button(dialog, 'Reissue badge').click();
    await dialog.getByText('Type a reason of at least 3 characters.').waitFor();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('lost');
    await button(dialog, 'Reissue badge').click();
    await page.getByText('Revision 2 is issued.').waitFor();
    await badge.getByText('2', { exact: true }).waitFor();
    await button(badge, 'Withdraw badge').click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('shared');
    await button(dialog, 'Withdraw badge').click();
    await badge.getByText('Withdrawn', { exact: true }).waitFor();
    const own = () => conference.organiser.call(routes.getRegistration, { params: { id: person(0).id } });
    await until(async () => (await own()).badge.state === 'revoked', { what: 'the badge to be withdrawn' });
  });
});

describe('doors', () => {
  it('get a device by a code that a phone scans; the page turns when it is used; the device is removed again', async () => {
    const page = await openStaffPage(tokens, `${home}/devices`);
    await button(page, 'Add a device').click();
    const form = page.getByRole('dialog', { name: 'Add a device' });
    await button(form, 'Make code').click();
    await form.getByText('Give the device a name.').waitFor();
    await form.getByRole('textbox', { name: 'Name' }).fill('Door <b>3F</b>');
    await form.getByRole('checkbox', { name: 'All gates of the venue' }).check();
    await button(form, 'Make code').click();
    const dialog = page.getByRole('dialog', { name: 'Enrol Door <b>3F</b>' });
    const address = await decoded(dialog.getByRole('img', { name: 'QR code that enrols the phone' }));
    expect(address).toMatch(/\/door#enrol=[0-9A-Z-]{14}$/);
    expect(address.startsWith(stack().url)).toBe(true);
    expect(await decoded(dialog.getByRole('img', { name: /QR code that opens/ }))).toBe(`${stack().url}/door`);
    const code = decodeURIComponent(address.split('#enrol=')[1] as string);
    await dialog.getByText(code.replaceAll('-', ' ')).waitFor();
    const { deviceToken } = await stack().client.call(routes.enrolDevice, { body: { code } });
    await dialog.getByText('may scan now.').waitFor();
    await button(dialog, 'Close').click();

    const row = page.getByRole('listitem').filter({ hasText: 'Door <b>3F</b>' }).filter({ hasText: 'New code' });
    await row.getByText('Enrolled', { exact: true }).waitFor();
    await row.getByText('All gates of the venue').waitFor();
    await button(row, /^Remove/).click();
    const question = page.getByRole('dialog', { name: 'Remove Door <b>3F</b>?' });
    await question.getByRole('textbox', { name: 'Reason' }).fill('stolen');
    await button(question, 'Remove').click();
    await page.getByText('1 removed device').click();
    await page.getByText('Removed', { exact: true }).waitFor();
    const door = stack().client.as(deviceToken);
    await until(
      () =>
        door.call(routes.listGates, { params: { slug: conference.slug } }).then(
          () => false,
          (error) => error.status === 401,
        ),
      { what: 'the device to be refused' },
    );
  });

  it('have gates that are closed after a question, and opened again', async () => {
    const gate = await conference.gateOf(subForumId);
    const page = await openStaffPage(tokens, `${home}/devices`);
    const turn = page.getByRole('switch', { name: `${gate.name}: lets people in` });
    const isOpen = async () => (await conference.organiser.call(routes.getGate, { params: { id: gate.id } })).open;
    await turn.click();
    await button(page.getByRole('dialog'), 'Close gate').click();
    await turn.and(page.locator('[aria-checked=false]')).waitFor();
    expect(await isOpen()).toBe(false);
    await turn.click();
    await turn.and(page.locator('[aria-checked=true]')).waitFor();
    expect(await isOpen()).toBe(true);
  });
});

it('conflicts appear by themselves, with both scans, who it is and what to do', async () => {
  const { slug, organiser } = conference;
  const page = await openStaffPage(tokens, `${home}/conflicts`);
  await page.getByText('No open conflict.').waitFor();
  const room = await conference.room({ admission: 'open', capacity: null });
  const other = await conference.door({ rooms: [room.subForum.room] });
  const id = person(4).id;
  const scan = (ago: number, more: object) => {
    const { token: _, ...body } = scanOf(room.gate, '', { scannedAt: minutes(-ago), acted: 'admitted' });
    return { ...body, registrationId: id, ...more };
  };
  await until(async () => (await organiser.call(routes.getRegistration, { params: { id } })).badge.state === 'valid', {
    what: 'the badge',
  });
  await room.door.client.call(routes.postScanBatch, { body: { scans: [scan(1, {})] } });
  const fast = { scannedAt: minutes(5), clockOffsetMs: -7 * 60_000 };
  await other.client.call(routes.postScanBatch, { body: { scans: [scan(0, fast)] } });
  const card = page.getByRole('article', { name: 'Let in twice' });
  await card.waitFor();
  await card.getByRole('link', { name: HOSTILE_NAMES[0] }).waitFor();
  const scans = card.getByRole('listitem');
  expect(await scans.count()).toBe(2);
  expect(await scans.nth(0).textContent()).toContain('7 min 0 s fast');
  expect(await scans.nth(1).textContent()).toContain('not measured');
  for (const one of [scans.nth(0), scans.nth(1)]) expect(await one.textContent()).toContain(room.gate.name);
  await card.getByText('What to do:').waitFor();
  expect(await page.getByRole('button').allTextContents()).not.toContain('Resolve');
  const { items } = await organiser.call(routes.listConflicts, { params: { slug } });
  expect(items).toHaveLength(1);
});

describe('others see less', () => {
  it('the desk searches for a person and looks after the badge; it decides nothing', async () => {
    const desk = await staffOf(conference.organiser, conference.slug, 'desk');
    const page = await openStaffPage(desk, `${home}/registrations`);
    await page.getByText('At most 20 people are shown.').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
    await page.keyboard.type('xiaolan');
    await page.getByRole('link', { name: 'Wei Xiaolan' }).click();
    await page.getByText('An organiser can issue a new one.').waitFor();
    for (const act of ['Approve', 'Decline', 'Reset', 'Cancel registration', 'Reissue badge']) {
      expect(await button(page, act).count()).toBe(0);
    }
    await page.goto(`${home}/registrations/${person(5).id}`);
    await button(page, 'Reissue badge').waitFor();
  });

  it('a supervisor reads which devices stand where', async () => {
    const supervisor = await staffOf(conference.organiser, conference.slug, 'supervisor');
    const page = await openStaffPage(supervisor, `${home}/devices`);
    await page.getByText('1 removed device').waitFor();
    await page.getByText('Open', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: /Add|Change|Remove|New code/ }).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
  });
});

/** Shift+Tab until a button has the focus. */
const backTo = (page: Page, name: string) => tabUntil(page, 'Shift+Tab', name);
const onTo = (page: Page, name: string) => tabUntil(page, 'Tab', name);
async function tabUntil(page: Page, key: string, name: string): Promise<void> {
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press(key);
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
  }
  throw new Error(`${key} does not reach ${name}`);
}

/** What a phone's camera would read. */
async function decoded(code: Locator): Promise<string> {
  await code.waitFor();
  const { data, width, height } = PNG.sync.read(await code.screenshot());
  return jsQR(new Uint8ClampedArray(data), width, height)?.data ?? '';
}
