import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AnswerOf, routes, type SubForum } from '@plenary/contracts';
import { until } from '@plenary/testing';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { badgeOf, Conference, type Delegate, minutes } from '../e2e/world';
import {
  allowProblems,
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
  reflows,
  shot,
  slowApi,
  targets,
} from './browser';

/** How a delegate registers, sees what becomes of it, and changes it: form, result, own page. */

let conference: Conference;
let urban: SubForum;
let water: SubForum;
let ports: SubForum;

const mailbox = () => `${randomUUID().slice(0, 12)}@delegates.example`;

beforeAll(async () => {
  conference = await Conference.create();
  // Urban has one seat, and it is taken. Ports is at the same time as Water.
  [urban, water, ports] = await Promise.all([
    conference.subForum({ title: { en: 'Urban' }, capacity: 1, startsAt: minutes(60), endsAt: minutes(90) }),
    conference.subForum({ title: { en: 'Water' }, startsAt: minutes(120), endsAt: minutes(180) }),
    conference.subForum({ title: { en: 'Ports' }, capacity: 1, startsAt: minutes(150), endsAt: minutes(200) }),
  ]);
  const form = await conference.organiser.request(routes.getRegistrationForm, { params: { slug: conference.slug } });
  const questions = [{ key: 'arrival', label: { en: 'When do you arrive?', 'zh-CN': '您何时到达？' }, required: true }];
  const { open: _, conferenceId: __, categories: ___, ...settings } = form.body;
  await conference.organiser.call(
    routes.putRegistrationForm,
    { params: { slug: conference.slug }, body: { ...settings, questions, privacy: { en: 'Kept for 90 days.' } } },
    { ifMatch: form.etag as string },
  );
  await heardByAll(conference, (form) => form.questions.length === 1);
  await register([urban, ports]);
}, 60_000);

const register = (subForums: SubForum[], more: Parameters<Conference['register']>[1] = {}) =>
  conference.register(
    subForums.map(({ id }) => id),
    { answers: { arrival: 'Monday' }, ...more },
  );

/** Each replica remembers the form of before for a second: all have heard once a dozen answers in a row are the new one. */
function heardByAll(of: Conference, isNew: (form: AnswerOf<typeof routes.getRegistrationForm>) => boolean) {
  const ask = () => of.organiser.call(routes.getRegistrationForm, { params: { slug: of.slug } });
  return until(async () => (await Promise.all(Array.from({ length: 12 }, ask))).every(isNew), {
    what: 'the form to be heard of',
  });
}

/** How many registrations there are with this mailbox. */
async function registrationsOf(email: string): Promise<number> {
  const params = { slug: conference.slug };
  return (await conference.organiser.call(routes.listRegistrations, { params, query: { q: email } })).items.length;
}

const formAt = (step: number) => `/c/${conference.slug}/register?step=${step}`;
const ownPage = (delegate: Delegate) => `/r/#${delegate.token}`;

/** A page whose form has been filled in up to its last step, with these sub-forums. */
async function filled(
  email: string,
  chosen: SubForum[],
  options: Parameters<typeof openPage>[0] = {},
  person: Record<string, unknown> = {},
): Promise<Page> {
  const page = await openPage(options);
  const answers = {
    ...{ name: '欧阳明慧', latinName: 'OUYANG Minghui', email, category: 'delegate', organisation: '大数据局' },
    answers: { arrival: 'Monday' },
    ...person,
  };
  await page.addInitScript(
    ([slug, answers, chosen]) => {
      if (sessionStorage.length > 0) return;
      sessionStorage.setItem(`plenary.form.${slug}`, JSON.stringify({ answers }));
      sessionStorage.setItem(`plenary.plan.${slug}`, JSON.stringify(chosen));
    },
    [conference.slug, answers, chosen.map(({ id }) => id)] as const,
  );
  return page;
}

const field = (page: Page, path: string) => page.locator(`[id="field-${path}"]`);
const focusedId = (page: Page) => page.evaluate(() => document.activeElement?.id);

describe('registering', () => {
  it('in Chinese, on a phone, with keys and touch: errors, a reload, a waitlist told before sending, one promotion', async () => {
    const page = await openPage({ viewport: 'phone', locale: 'zh-CN', path: formAt(1) });
    const email = mailbox();
    await page.getByRole('button', { name: '继续' }).tap();
    const summary = page.getByRole('region', { name: '有 3 处缺少或有误' });
    await summary.waitFor();
    expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focusedId(page)).toBe('field-name');
    await axe(page, 'errors');

    await page.keyboard.insertText('欧阳明慧');
    await page.keyboard.press('Tab');
    expect(await focusedId(page)).toBe('field-latinName');
    await page.keyboard.type('OUYANG Minghui');
    await page.keyboard.press('Tab');
    await page.keyboard.type('minghui@');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '有 2 处缺少或有误' }).waitFor();
    await field(page, 'email').fill(email);
    await page.getByRole('radio', { name: '代表' }).focus();
    await page.keyboard.press('Space');
    const preview = page.getByRole('figure', { name: '您的参会证' });
    expect(await preview.textContent()).toContain('欧阳明慧OUYANG Minghui');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { level: 1, name: '单位' }).waitFor();
    await field(page, 'organisation').fill('大数据局');
    await page.getByRole('button', { name: '继续' }).tap();
    await page.getByRole('link', { name: '请回答：您何时到达？' }).tap();
    expect(await focusedId(page)).toBe('field-answers.arrival');
    await page.keyboard.insertText('周一');
    await page.getByRole('button', { name: '继续' }).tap();
    await page.getByRole('heading', { level: 1, name: '特殊需求' }).waitFor();
    await page.getByRole('checkbox', { name: '轮椅通行' }).tap();

    await page.reload();
    await page.getByRole('checkbox', { name: '轮椅通行', checked: true }).waitFor();
    await page.getByRole('button', { name: '继续' }).tap();
    await page.getByRole('heading', { level: 1, name: '分论坛', exact: true }).waitFor();
    await page.getByRole('button', { name: /Urban/ }).tap();
    await page.getByRole('button', { name: /Water/ }).first().tap();
    await page.getByText('已选 2 场').waitFor();
    await page.getByRole('button', { name: '继续' }).tap();

    // Told before anything is sent.
    await page.getByText('已满：您将进入候补，前面无人等候').waitFor();
    await page.getByRole('button', { name: '提交报名' }).tap();
    await page.getByRole('link', { name: '请勾选同意；不同意则无法报名。' }).waitFor();
    await page.getByRole('checkbox', { name: /^我同意按说明/ }).tap();
    await page.getByRole('checkbox', { name: /^我同意将我的需求/ }).tap();

    // Two presses before the first is answered.
    const posts: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && posts.push(request.url()));
    await slowApi(page, '/registrations', 300);
    await page.getByRole('button', { name: '提交报名' }).evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    const busy = page.getByRole('button', { name: '正在提交' });
    await busy.waitFor();
    expect([
      await busy.getAttribute('aria-disabled'),
      await busy.isEnabled({ timeout: 1000 }).catch(() => false),
    ]).toEqual(['true', false]);
    await busy.evaluate((button: HTMLButtonElement) => button.click());

    await page.getByRole('heading', { level: 1, name: '我的报名' }).waitFor();
    expect(page.url()).toMatch(/\/r\/#[\w-]{60,}$/);
    expect(posts).toHaveLength(1);
    expect(await registrationsOf(email)).toBe(1);
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('form')))).toEqual([]);
    await page.getByText('席位已确认').waitFor();
    await page.getByText('候补第 1 位').waitFor();

    // Somebody lets one more in: the page says so by itself.
    await conference.change(urban.id, { capacity: 2 });
    await page.getByText('候补第 1 位').waitFor({ state: 'detached' });
    expect(await page.getByText('席位已确认').count()).toBe(2);
    await shot(page, 'registered phone zh-CN', { fullPage: true });
  }, 60_000);

  it('is one registration when the page is loaded again while it is being sent', async () => {
    const email = mailbox();
    const page = await filled(email, [water]);
    await page.goto(formAt(5));
    let lost = false;
    // Stored, but the answer never arrives.
    await page.route(
      (url) => url.pathname.endsWith('/registrations'),
      async (route) => {
        if (lost) return route.continue();
        await route.fetch();
        lost = true;
        return undefined;
      },
    );
    await page.getByRole('checkbox', { name: /^I agree that my data/ }).check();
    await page.getByRole('button', { name: 'Send registration' }).click();
    await until(() => lost, { what: 'the registration to be stored' });
    expect(await registrationsOf(email)).toBe(1);

    await page.reload();
    expect(await page.getByRole('checkbox', { name: /^I agree that my data/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Send registration' }).click();
    await page.getByText('Registration received', { exact: true }).waitFor();
    expect(await registrationsOf(email)).toBe(1);
  }, 60_000);

  it('says the same to whoever types a mailbox that is registered, and keeps what was typed', async () => {
    const delegate = await register([]);
    const page = await filled(delegate.registration.person.email as string, []);
    await page.goto(formAt(5));
    await page.getByRole('checkbox', { name: /^I agree that my data/ }).check();
    await page.getByRole('button', { name: 'Send registration' }).click();
    await page.getByText('You are already registered with this e-mail; we have sent your link to it.').waitFor();
    await axe(page, 'link sent');
    await page.getByRole('button', { name: 'Use another e-mail address' }).click();
    expect(await field(page, 'name').inputValue()).toBe('欧阳明慧');
  }, 60_000);

  it('keeps everything when it is refused or nobody answers, and sends hostile texts as typed', async () => {
    const [image, script] = HOSTILE_NAMES;
    const long = HOSTILE_NAMES.at(-2) as string;
    const rtl = HOSTILE_NAMES[9];
    const page = await filled(
      mailbox(),
      [water, ports],
      {},
      {
        name: image,
        organisation: script,
        jobTitle: long,
        needs: { wheelchair: false, signLanguage: false, other: rtl },
        needsConsent: true,
        privacy: true,
      },
    );
    await page.goto(formAt(5));
    expectProblems(page, /422/);
    await page.getByText('At the same time as Ports').waitFor();
    await page.getByRole('button', { name: 'Send registration' }).click();
    await page.getByText('Two of the chosen sub-forums take place at the same time.').waitFor();
    await inert(page, image, script, long, rtl);
    await page.getByRole('button', { name: 'Remove Ports' }).click();

    await failApi(page, '/registrations', { status: 503, code: 'temporarily_unavailable' });
    await page.getByRole('button', { name: 'Send registration' }).click();
    await page.getByText('The server is busy').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Send registration' }).click();
    await page.getByText('Registration received', { exact: true }).waitFor();
    await inert(page, image, script);
    await reflows(page);
  }, 60_000);

  it('says when it opens, and that it is closed', async () => {
    const later = await Conference.create();
    const params = { slug: later.slug };
    const form = await later.organiser.request(routes.getRegistrationForm, { params });
    const { open: _, conferenceId: __, categories: ___, ...settings } = form.body;
    const opensAt = '2150-05-21T01:00:00Z';
    await later.organiser.call(
      routes.putRegistrationForm,
      { params, body: { ...settings, opensAt } },
      { ifMatch: form.etag as string },
    );
    await heardByAll(later, (form) => form.opensAt !== null);
    const page = await openPage({ path: `/c/${later.slug}/register` });
    await page.getByText(/It opens on Thu 21 May at 09:00 \(China Standard Time\)/).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
  }, 60_000);
});

describe('my registration', () => {
  it('shows the badge as a code that a door reads, in the dark too, and gives a calendar file', async () => {
    const delegate = await register([water]);
    const page = await openPage({ viewport: 'phone', scheme: 'dark', path: ownPage(delegate) });
    const code = page.getByRole('img', { name: /QR code of my badge/ });
    await code.waitFor();
    const box = await code.boundingBox();
    expect(box?.width).toBeGreaterThanOrEqual(294);
    const picture = PNG.sync.read(await code.screenshot());
    const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    expect(read?.data).toBe(await badgeOf(delegate));
    // The quiet zone is white up to the edge of the picture.
    const inside = 4 * (4 * picture.width + 4);
    expect([...picture.data.subarray(inside, inside + 3)]).toEqual([255, 255, 255]);

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Calendar file' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${conference.slug}.ics`);
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(text).toContain('SUMMARY:Water');
  }, 60_000);

  it('is amended by keyboard: details, and 412 where somebody was faster', async () => {
    const delegate = await register([water]);
    const page = await openPage({ path: ownPage(delegate) });
    await page.getByRole('button', { name: 'Change my details' }).focus();
    await page.keyboard.press('Enter');
    await field(page, 'jobTitle').waitFor();
    await keyboardStops(page);
    await field(page, 'jobTitle').focus();
    await page.keyboard.type('Engineer');

    // Another device is faster.
    const own = await delegate.client.request(routes.getOwnRegistration);
    await delegate.client.call(
      routes.amendRegistration,
      { body: { person: { phone: '+86 24 1234' } } },
      { ifMatch: own.etag as string },
    );
    expectProblems(page, /412/);
    await page.keyboard.press('Enter');
    await page.getByText(/changed elsewhere in the meantime/).waitFor();
    expect([await field(page, 'jobTitle').inputValue(), await field(page, 'phone').inputValue()]).toEqual([
      'Engineer',
      '+86 24 1234',
    ]);
    await field(page, 'organisation').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your changes are stored.').waitFor();
    const { person } = await delegate.client.call(routes.getOwnRegistration);
    expect(person).toMatchObject({ jobTitle: 'Engineer', phone: '+86 24 1234' });
    expect(person).not.toHaveProperty('organisation');
  }, 60_000);

  it('swaps a seat without losing it, warns of what cannot be had back, and cancels', async () => {
    const delegate = await register([water]);
    const waiting = await conference.subForum({
      title: { en: 'Wanted' },
      capacity: 1,
      startsAt: minutes(300),
      endsAt: minutes(330),
    });
    const holder = await register([water, waiting]);
    await register([waiting]);

    const page = await openPage({ path: ownPage(delegate) });
    await page.getByText('Seat confirmed').waitFor();
    await page.getByRole('button', { name: 'Change my choices' }).click();
    await page.getByRole('button', { name: /Swap.*Ports|Ports.*Swap|Ports.*Water/ }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('You keep Water until Ports is confirmed.').waitFor();
    expect(await page.getByText('Seat confirmed').count()).toBe(1);
    // The key survived every address.
    expect(new URL(page.url()).hash).toBe(`#${delegate.token}`);
    await page.getByRole('button', { name: 'Cancel my registration' }).click();
    const dialog = page.getByRole('dialog');
    await axe(page, 'cancelling');
    await dialog.getByRole('button', { name: 'Cancel my registration' }).click();
    await page.getByText('Your registration is cancelled').waitFor();
    await page.getByRole('heading', { level: 1, name: 'My registration' }).and(page.locator(':focus')).waitFor();
    expect(await page.getByRole('img', { name: /QR code/ }).count()).toBe(0);
    expect((await delegate.client.call(routes.getOwnRegistration)).status).toBe('cancelled');

    await page.goto(ownPage(holder));
    await page.getByText('Seat confirmed').first().waitFor();
    await page.getByRole('button', { name: 'Change my choices' }).click();
    await page.getByRole('button', { name: /Wanted/ }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/1 person waits for a seat here: you cannot get it back/).waitFor();
    await axe(page, 'dropping');
    await page.getByRole('button', { name: 'Give up and save' }).click();
    await page.getByText('Your changes are stored.').waitFor();
    const left = await holder.client.call(routes.getOwnRegistration);
    expect(left.choices.find((one) => one.subForumId === waiting.id)).toMatchObject({ state: 'released' });
  }, 60_000);

  it('explains a link that is dead or not whole', async () => {
    const page = await openPage({ path: '/r/' });
    await page.getByRole('heading', { level: 1, name: 'The key is missing' }).waitFor();
    await axe(page, 'no key');
    const delegate = await register([]);
    await delegate.client.call(routes.rotateLink, {});
    allowProblems(page, /401/);
    await page.goto(ownPage(delegate));
    await page.getByRole('heading', { level: 1, name: 'This link does not work any more' }).waitFor();
    await axe(page, 'dead link');
  }, 60_000);

  it('keeps what it has while offline and says how old it is, then catches up', async () => {
    const delegate = await register([urban, water]);
    const page = await openPage({ path: ownPage(delegate), line: true });
    await page.getByText('Waitlist no. 1').waitFor();
    await goOffline(page);
    await page.getByText(/You are offline. This is your registration as of \d\d:\d\d:\d\d\./).waitFor();
    await page.getByText('Waitlist no. 1').waitFor();
    await conference.change(urban.id, { capacity: 50 });
    await goOnline(page);
    await page.getByText('Waitlist no. 1').waitFor({ state: 'detached' });
    await page.getByText(/You are offline/).waitFor({ state: 'detached' });
  }, 60_000);
});

describe('every screen', () => {
  /** Screens that lead to one another: how to come to each from the one before. */
  type Walk = [what: string, come: (page: Page) => Promise<unknown>][];
  const level1 = (page: Page, name: RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const goOn = (page: Page) => page.getByRole('button', { name: /^(Continue|继续)$/ }).click();
  const press = (page: Page, name: RegExp) => page.getByRole('button', { name }).click();
  const code = (page: Page) => page.getByRole('img', { name: /QR|二维码/ }).waitFor();
  const walks: Record<string, { from: () => string; walk: Walk }> = {
    form: {
      from: () => formAt(1),
      walk: [
        ['step 1', (page) => level1(page, /^(You|个人信息)$/)],
        ['step 2', (page) => goOn(page).then(() => level1(page, /^(Organisation|单位)$/))],
        ['step 3', (page) => goOn(page).then(() => level1(page, /^(Needs|特殊需求)$/))],
        ['step 4', (page) => goOn(page).then(() => page.getByRole('searchbox').waitFor())],
        ['step 5', (page) => goOn(page).then(() => page.getByRole('checkbox').waitFor())],
        ['step 5 with errors', (page) => press(page, /^(Send registration|提交报名)$/)],
      ],
    },
    own: {
      from: () => ownPage(delegate),
      walk: [
        ['own page', code],
        [
          'choices',
          (page) => press(page, /^(Change my choices|修改选择)$/).then(() => page.getByRole('searchbox').waitFor()),
        ],
        [
          'details',
          async (page) => {
            await press(page, /^(Back|返回)$/);
            await press(page, /^(Change my details|修改信息)$/);
            await field(page, 'name').waitFor();
          },
        ],
      ],
    },
    error: { from: () => ownPage(delegate), walk: [['no answer', (page) => page.getByRole('alert').waitFor()]] },
  };
  const looks = combinations({
    walk: Object.keys(walks),
    viewport: ['phone', 'desk'],
    locale: ['en', 'zh-CN'],
    scheme: ['light', 'dark'],
  });
  let delegate: Delegate;
  beforeAll(async () => {
    delegate = await register([water]);
  });

  it.each(looks)('is for everybody: $walk, $viewport, $locale, $scheme', async ({ walk: name, ...look }) => {
    const { from, walk } = walks[name] as (typeof walks)[string];
    const page = await filled(mailbox(), [water, urban], look);
    if (name === 'error') await failApi(page, /\/registration(\/events)?$/, { status: 403, code: 'role_required' });
    await page.goto(from());
    for (const [what, come] of walk) {
      await come(page);
      await axe(page, what);
      await targets(page, 44);
      await reflows(page);
      await shot(page, `registration ${what} ${look.viewport} ${look.locale} ${look.scheme}`, { fullPage: true });
    }
  });

  it('shows that it is loading', async () => {
    const page = await openPage();
    const release = await holdApi(page, /\/registration(\/events)?$/);
    await page.goto(ownPage(delegate));
    await page.getByText('Loading').first().waitFor({ state: 'attached' });
    await axe(page, 'loading');
    await release();
    await page.getByText('Seat confirmed').waitFor();
  });
});
