import { type NewSubForum, routes, type SubForum } from '@plenary/contracts';
import { fosdem2025 } from '@plenary/testing';
import { Conference } from '../e2e/world';
import {
  answerApi,
  axe,
  combinations,
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
  targets,
} from './browser';

/** An instant of tomorrow (or so many days later) in Shanghai. */
const tomorrow = new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10);
const at = (time: string, later = 0) =>
  new Date(Date.parse(`${tomorrow}T${time}:00+08:00`) + later * 86_400_000).toISOString();

const looks = { viewport: ['phone', 'desk'], locale: ['en', 'zh-CN'], scheme: ['light', 'dark'] } as const;
const words = {
  en: {
    title: 'Programme',
    empty: 'The programme is not published yet.',
    retry: 'Try again',
    offline: /You are offline\..* as of/,
  },
  'zh-CN': { title: '日程', empty: '日程尚未发布。', retry: '重试', offline: /您当前处于离线状态，.*的版本/ },
};

let conference: Conference;
let home: string;
let urban: SubForum;
let water: SubForum;
let last: SubForum;

beforeAll(async () => {
  conference = await Conference.create();
  const { slug, organiser } = conference;
  home = `/c/${slug}`;
  const { etag } = await organiser.request(routes.getConference, { params: { slug } });
  await organiser.call(
    routes.changeConference,
    {
      params: { slug },
      body: {
        name: { en: 'Cities of Tomorrow', 'zh-CN': '明日之城' },
        summary: { en: 'Two days of sub-forums.', 'zh-CN': '两天的分论坛。' },
        help: {
          email: 'help@plenary.example',
          phone: '+86 24 0000 0000',
          place: { en: 'Desk, 1F', 'zh-CN': '一层服务台' },
        },
        breaks: [{ startsAt: at('12:00'), endsAt: at('13:00'), name: { en: 'Lunch', 'zh-CN': '午餐' } }],
      },
    },
    { ifMatch: etag as string },
  );
  const add = (name: string, from: string, to: string, settings: Partial<NewSubForum> = {}) =>
    conference.subForum({
      title: { en: name, 'zh-CN': `${name}论坛` },
      track: 'Governance',
      room: '3F 302',
      floor: '3F',
      startsAt: at(from),
      endsAt: at(to),
      ...settings,
    });
  urban = await add('Urban', '09:00', '10:30', {
    abstract: { en: 'Plain <b>text</b>,\nin two lines.' },
    hosts: [{ name: 'City Institute', url: 'https://institute.example/' }, { name: 'Data Bureau' }],
    supporters: [{ name: 'A Foundation' }],
    sessions: [
      {
        title: { en: 'What a city is', 'zh-CN': '何为城市' },
        startsAt: at('09:00'),
        endsAt: at('10:00'),
        speakers: [{ name: '李铁', title: 'Chairman', organisation: 'City Institute' }],
        abstract: { en: 'A talk.' },
      },
    ],
  });
  water = await add('Water', '10:00', '12:00', { track: 'Énergie', room: '2F 210', floor: '2F', capacity: 40 });
  await add('Ports', '10:30', '12:00', { track: 'Énergie', categories: ['press'] });
  last = await add('Small', '14:00', '14:30', { capacity: 1, room: '4F 401' });
  await add('Everybody', '09:00', '18:00', { admission: 'open', capacity: null, room: 'Atrium' });
  const closed = await add('Shut', '14:00', '17:00', { room: '4F 402' });
  await conference.change(closed.id, { state: 'closed' });
  const gone = await add('Gone', '14:00', '17:00', { room: '4F 403' });
  await organiser.call(routes.cancelSubForum, { params: { id: gone.id }, body: {} });
  await add('Next day', '09:00', '10:00', { startsAt: at('09:00', 1), endsAt: at('10:00', 1) });
});

const ready = (page: Page) => page.getByText('Urban', { exact: false }).first().waitFor();
const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const plan = (page: Page) => page.getByRole('complementary', { name: 'Your plan' });

describe('the programme in every state', () => {
  const cases = combinations({ ...looks, state: ['chosen', 'loading', 'empty', 'error', 'offline'] });

  it.each(cases)('$state: $viewport, $locale, $scheme', async ({ state, ...look }) => {
    const page = await openPage(look);
    const say = words[look.locale];
    const release = state === 'loading' ? await holdApi(page, /sub-forums$/) : undefined;
    if (state === 'empty') await answerApi(page, /sub-forums$/, { items: [], nextCursor: null });
    if (state === 'error') await failApi(page, /sub-forums$/, { status: 503, code: 'unavailable', traceId: 'trace-1' });
    await page.goto(home);
    await page.getByRole('heading', { level: 2, name: say.title }).waitFor();
    if (state === 'chosen' || state === 'offline') await ready(page);
    if (state === 'chosen') {
      await page.getByRole('button', { name: /^(Choose: Urban|选择：Urban论坛)$/ }).click();
      await page
        .getByText(/Clashes with|时间冲突/)
        .first()
        .waitFor();
    }
    if (state === 'loading') await page.locator('[role=status] > div').first().waitFor();
    if (state === 'empty') await page.getByText(say.empty).waitFor();
    if (state === 'error') {
      await page.getByRole('button', { name: say.retry }).waitFor();
      await page.getByText('unavailable · trace-1').waitFor();
    }
    if (state === 'offline') {
      await goOffline(page);
      await page.getByText(say.offline).waitFor();
    }
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    expect(await page.title()).toBe(look.locale === 'en' ? 'Cities of Tomorrow · Plenary' : '明日之城 · Plenary');
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    await axe(page, `programme, ${state}`);
    await targets(page, 44);
    await reflows(page);
    if (state === 'chosen' || state === 'error') await keyboardStops(page);
    await shot(page, `programme ${state} ${look.viewport} ${look.locale} ${look.scheme}`, { fullPage: true });
    if (state === 'offline') await goOnline(page);
    await release?.();
  });

  it('comes back by a click after an error, with the filters kept', async () => {
    const page = await openPage();
    await failApi(page, /sub-forums$/, { status: 503, code: 'unavailable' });
    await page.goto(`${home}?track=Énergie`);
    const retry = page.getByRole('button', { name: 'Try again' });
    await retry.waitFor();
    await page.unrouteAll();
    // While an attempt is under way the button waits with the reader; then it is gone.
    await page.getByRole('link', { name: 'Water' }).first().waitFor({ timeout: 20_000 });
    expect(await retry.count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Urban' }).count()).toBe(0);
  });
});

describe('choosing', () => {
  it('by keyboard alone: choose, see the clash, swap, remove; kept over a reload', async () => {
    const page = await openPage({ path: home });
    await ready(page);
    await tabTo(page, 'Choose: Urban');
    await page.keyboard.press('Enter');
    // The button under the finger stays, and says what it does now.
    await expectFocus(page, 'Remove: Urban');
    await page.getByText('Urban: in your plan. 1 chosen.').waitFor();
    await plan(page).getByText('1 chosen').waitFor();

    const row = page.getByRole('row', { name: /Water/ });
    await row.getByText('Clashes with Urban, 09:00–10:30').waitFor();
    // Back to back is no clash: whoever leaves Urban can go to Ports.
    await act(page, 'Choose: Ports').waitFor();
    // What nobody can choose has no button and names no clash.
    expect(await page.getByRole('row', { name: /Gone/ }).getByRole('button').count()).toBe(0);
    await page.getByRole('row', { name: /Gone/ }).getByText('Cancelled').waitFor();
    await page.getByRole('row', { name: /Shut/ }).getByText('Closed').waitFor();

    await tabTo(page, 'Swap: Water instead of Urban');
    await page.keyboard.press('Enter');
    await expectFocus(page, 'Remove: Water');
    await page.getByText('Water: in your plan instead of Urban. 1 chosen.').waitFor();
    await act(page, 'Swap: Urban instead of Water').waitFor();
    await page.reload();
    await plan(page).getByText('1 chosen').waitFor();
    expect(await plan(page).textContent()).toContain('Water');
    await tabTo(page, 'Remove: Water');
    await page.keyboard.press('Space');
    await act(page, 'Choose: Water').waitFor();
    expect(await plan(page).count()).toBe(0);
  });

  it('on a phone, and leads on to the form', async () => {
    const page = await openPage({ viewport: 'phone', path: home });
    await ready(page);
    await page.getByText('Lunch').waitFor();
    await act(page, 'Choose: Urban').click();
    await act(page, 'Swap: Water instead of Urban').click();
    await act(page, 'Remove: Water').waitFor();
    await plan(page).getByRole('link', { name: 'Review and register' }).click();
    await page.waitForURL(`**${home}/register*`);
  });

  it('seats are live: the last one goes, and the page says so without being loaded again', async () => {
    const page = await openPage();
    await page.clock.install();
    await page.goto(home);
    const row = page.getByRole('row', { name: /Small/ });
    await row.getByText('1 seat left').waitFor();
    await conference.register([last.id]);
    await conference.register([last.id]);
    await page.clock.fastForward(11_000);
    await row.getByText('Full, 1 waiting').waitFor();
    await act(page, 'Join waitlist: Small').waitFor();
  });
});

describe('finding', () => {
  it('words on all days, track, room and what fits stand in the address; clearing forgets them', async () => {
    const page = await openPage({ path: home });
    await ready(page);
    const search = page.getByRole('searchbox', { name: 'Search all days' });
    await search.fill('next DAY');
    await page.getByRole('link', { name: 'Next day' }).first().waitFor();
    await page.getByText('1 sub-forum on all days').waitFor();
    await page.waitForURL(/q=next\+DAY/);
    await search.fill('energie');
    await page.getByText('2 sub-forums on all days').waitFor();
    await page.getByRole('combobox', { name: 'Room' }).selectOption('2F 210');
    await page.getByText('1 sub-forum on all days').waitFor();
    await search.fill('nothing like it');
    await page.getByText('Nothing matches.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL((url) => url.search === '');
    expect(await search.inputValue()).toBe('');
    await act(page, 'Choose: Urban').click();
    await page.getByRole('checkbox', { name: 'Only what fits my plan' }).check();
    await page.getByRole('row', { name: /Water/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Ports/ }).waitFor();
    await page.reload();
    await page.getByRole('row', { name: /Ports/ }).waitFor();
    expect(await page.getByRole('row', { name: /Water/ }).count()).toBe(0);
    expect(new URL(page.url()).search).toBe('?fits=1');
  });

  it('a day is chosen by its name and stands in the address', async () => {
    const page = await openPage({ path: home });
    await ready(page);
    const days = page.getByRole('group', { name: 'Days' }).getByRole('button');
    expect(await days.count()).toBe(2);
    await days.nth(1).click();
    await page.getByRole('row', { name: /Next day/ }).waitFor();
    expect(await page.getByRole('row', { name: /Urban/ }).count()).toBe(0);
    expect(new URL(page.url()).searchParams.get('day')).toBe(at('12:00', 1).slice(0, 10));
    expect(await days.nth(1).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('the page of a sub-forum', () => {
  const cases = combinations({ ...looks, state: ['normal', 'gone', 'offline'] });

  it.each(cases)('$state: $viewport, $locale, $scheme', async ({ state, ...look }) => {
    const page = await openPage(look);
    if (state === 'gone') await failApi(page, /\/v1\/sub-forums\//, { status: 404, code: 'not_found' });
    await page.goto(`${home}/sub-forums/${urban.id}`);
    if (state === 'gone') await page.getByRole('alert').waitFor();
    else await page.getByRole('heading', { level: 1, name: look.locale === 'en' ? 'Urban' : 'Urban论坛' }).waitFor();
    if (state === 'offline') {
      await goOffline(page);
      await page.getByText(words[look.locale].offline).waitFor();
    }
    if (state === 'normal') {
      const text = (await page.locator('main').textContent()) ?? '';
      for (const part of [
        'City Institute',
        'Data Bureau',
        'A Foundation',
        '李铁',
        'Plain <b>text</b>,\nin two lines.',
      ]) {
        expect(text).toContain(part);
      }
      expect(text.indexOf('City Institute')).toBeLessThan(text.lastIndexOf('Data Bureau'));
    }
    await axe(page, `sub-forum, ${state}`);
    await targets(page, 44);
    await reflows(page);
    if (state === 'normal') await keyboardStops(page);
    await shot(page, `sub-forum ${state} ${look.viewport} ${look.locale} ${look.scheme}`, { fullPage: true });
    if (state === 'offline') await goOnline(page);
  });

  it('shares the plan with the programme: swap here, seen there', async () => {
    const page = await openPage({ path: home });
    await ready(page);
    await act(page, 'Choose: Urban').click();
    await page.getByRole('row', { name: /Water/ }).getByRole('link', { name: 'Water' }).click();
    await page.getByRole('heading', { level: 1, name: 'Water' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`${home}/sub-forums/${water.id}`);
    await act(page, 'Swap: Water instead of Urban').click();
    await act(page, 'Remove: Water').waitFor();
    await page.goBack();
    await act(page, 'Remove: Water').waitFor();
    await act(page, 'Swap: Urban instead of Water').waitFor();
  });
});

describe('the conferences', () => {
  const cases = combinations({ ...looks, state: ['normal', 'empty', 'error'] });

  it.each(cases)('$state: $viewport, $locale, $scheme', async ({ state, ...look }) => {
    const page = await openPage(look);
    const calls = /\/v1\/conferences$/;
    if (state === 'empty') await answerApi(page, calls, { items: [], nextCursor: null });
    if (state === 'error') await failApi(page, calls, { status: 500, code: 'internal' });
    await page.goto('/c');
    await page.getByRole('heading', { level: 1, name: look.locale === 'en' ? 'Conferences' : '大会' }).waitFor();
    if (state === 'normal')
      await page.getByRole('link', { name: /Cities of Tomorrow.*明日之城|明日之城.*Cities of Tomorrow/ }).waitFor();
    if (state === 'empty') await page.getByText(/No conference is published|目前没有已发布的大会/).waitFor();
    if (state === 'error') await page.getByRole('alert').waitFor();
    await axe(page, `conferences, ${state}`);
    await targets(page, 44);
    await reflows(page);
    await shot(page, `conferences ${state} ${look.viewport} ${look.locale} ${look.scheme}`);
  });

  it('an address without a conference says so and leads back', async () => {
    const page = await openPage();
    await failApi(page, /\/nowhere/, { status: 404, code: 'not_found' });
    await page.goto('/c/nowhere');
    await page.getByText('This is not here. Check the address.').waitFor();
    await axe(page, 'no such conference');
  });
});

describe('what others wrote', () => {
  it('titles, rooms and tracks are shown as typed and do nothing', async () => {
    const hostile = await Conference.create();
    const texts = HOSTILE_NAMES.map((name) => name.slice(0, 110));
    const slug = hostile.slug;
    await Promise.all(
      texts.map((name) =>
        hostile.subForum({ title: { en: name }, room: name, track: name, startsAt: at('09:00'), endsAt: at('11:00') }),
      ),
    );
    for (const viewport of ['desk', 'phone'] as const) {
      const page = await openPage({ viewport, path: `/c/${slug}` });
      await page.getByRole('link', { name: texts.at(-1) as string, exact: true }).waitFor();
      await inert(page, ...texts);
      await axe(page, `hostile titles, ${viewport}`);
      await reflows(page);
      await targets(page, 44);
      await shot(page, `programme hostile ${viewport}`, { fullPage: true });
    }
  });

  it('FOSDEM 2025 fits: two days of tracks, every one with its row, nothing scrolls sideways', async () => {
    const fosdem = await Conference.create({
      timeZone: 'Europe/Brussels',
      startsOn: '2025-02-01',
      endsOn: '2025-02-02',
    });
    const { slug, organiser } = fosdem;
    const query = { format: 'frab-xml' } as const;
    await organiser.call(
      routes.importProgramme,
      { params: { slug }, query, body: fosdem2025() },
      { timeoutMs: 60_000 },
    );
    const all: string[] = [];
    for await (const one of organiser.all(routes.listSubForums, { params: { slug }, query: { fields: 'card' } }))
      all.push(one.id);
    const page = await openPage({ path: `/c/${slug}` });
    const days = page.getByRole('group', { name: 'Days' }).getByRole('button');
    await days.first().waitFor();
    expect(await days.allTextContents()).toEqual(['Sat 1 Feb', 'Sun 2 Feb']);
    const rows = page.locator('tbody tr');
    const saturday = await rows.count();
    await reflows(page);
    await axe(page, 'FOSDEM on a desk');
    await shot(page, 'programme fosdem desk', { fullPage: true });
    await days.nth(1).click();
    await page.waitForURL(/day=2025-02-02/);
    expect(saturday + (await rows.count())).toBe(all.length);
    expect(all.length).toBeGreaterThan(70);
    const phone = await openPage({ viewport: 'phone', path: `/c/${slug}` });
    await phone.getByRole('heading', { level: 3 }).first().waitFor();
    await reflows(phone);
    await shot(phone, 'programme fosdem phone');
  });
});

/** Goes from stop to stop until the focus is on what has this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 80; stop += 1) {
    await page.keyboard.press('Tab');
    if ((await focused(page)) === name) return;
  }
  throw new Error(`Tab never reached "${name}"`);
}

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

async function expectFocus(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).waitFor();
  expect(await focused(page)).toBe(name);
}
