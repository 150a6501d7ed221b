import { routes } from '@plenary/contracts';
import { stack } from '@plenary/testing';
import { Conference, type Delegate } from '../e2e/world';
import {
  answerApi,
  axe,
  combinations,
  failApi,
  goOffline,
  HOSTILE_NAMES,
  holdApi,
  inert,
  keyboardStops,
  type Page,
  reflows,
  shot,
  targets,
} from './browser';
import { openStaffPage, type StaffTokens } from './staff-page';

/** Registrations, doors and conflicts as they look and as they are for those who use no mouse and no eyes. */

const nothing = { items: [], nextCursor: null };
const words = {
  en: {
    pending: 'To approve',
    retry: 'Try again',
    add: 'Add a device',
    make: 'Make code',
    offline: 'You are offline',
    conflicts: 'Conflicts',
  },
  'zh-CN': {
    pending: '待审核',
    retry: '重试',
    add: '添加设备',
    make: '生成注册码',
    offline: '离线',
    conflicts: '冲突',
  },
};
type Words = (typeof words)['en'];

let conference: Conference;
let tokens: StaffTokens;
let someone: Delegate;
let home: string;

beforeAll(async () => {
  conference = await Conference.create();
  const { slug, organiser } = conference;
  home = `/organiser/${slug}`;
  const body = { email: 'organiser@plenary.example', password: 'plenary-demo' };
  tokens = await stack().client.call(routes.signIn, { body });
  const title = {
    en: 'Urban Transformation and the International Network of Low-carbon Ports',
    'zh-CN': '城市转型与低碳港口国际网络',
  };
  const one = await conference.subForum({ title, capacity: 1 });
  const two = await conference.subForum({
    title: { en: 'Smart Water', 'zh-CN': '智慧水务' },
    startsAt: later(30),
    endsAt: later(50),
  });
  for (const [index, name] of [...HOSTILE_NAMES, '阿卜杜热合曼·买买提艾力·吐尔逊江·努尔艾力·依明江·赛买提'].entries()) {
    const person = {
      name,
      email: `p${index}@delegates.example`,
      organisation: 'O'.repeat(120),
      needs: 'A ramp.\nNo peanuts.',
    };
    someone = await conference.register([one.id, two.id], { person });
  }
  await conference.door({ rooms: [one.room], venue: true });
  await organiser.call(routes.createDevice, {
    params: { slug },
    body: { name: 'W'.repeat(120), rooms: [one.room, two.room] },
  });
  await conference.gateOf(two.id);
});

const later = (count: number) => new Date(Date.now() + count * 60_000).toISOString();
const conflict = (kind: string, scans: number) => ({
  id: `00000000-0000-4000-8000-00000000000${scans}`,
  conferenceId: conference.id,
  kind,
  state: 'open',
  registrationId: someone.id,
  subForumId: null,
  foundAt: later(0),
  scans: Array.from({ length: scans }, (_, index) => ({
    scanId: `00000000-0000-4000-8000-0000000000${scans}${index}`,
    gateId: '00000000-0000-4000-8000-000000000000',
    deviceId: null,
    direction: 'entry',
    correctedAt: later(-index),
    scannedAt: later(-index),
    clockOffsetMs: index === 0 ? null : 424_000,
    verdict: index === 0 ? 'admitted' : 'refused',
    ...(index > 0 && { reason: 'already_inside' }),
    acted: 'admitted',
  })),
});

/** Each screen in a state: where it is, what is arranged before it is opened, and what is waited for. */
const screens: Record<
  string,
  {
    path: () => string;
    before?: (page: Page) => Promise<unknown>;
    shows: (page: Page, words: Words) => Promise<unknown>;
  }
> = {
  registrations: {
    path: () => `${home}/registrations?status=all`,
    shows: async (page) => {
      await page.getByRole('row').nth(HOSTILE_NAMES.length).waitFor();
      await inert(page, ...HOSTILE_NAMES);
      await page.locator('tbody input[type=checkbox]').first().check();
    },
  },
  'registrations, loading': {
    path: () => `${home}/registrations?status=all`,
    before: (page) => holdApi(page, '/registrations'),
    shows: (page) => page.locator('table[aria-busy=true]').waitFor(),
  },
  'registrations, empty': {
    path: () => `${home}/registrations?status=pending`,
    before: (page) => answerApi(page, '/registrations', nothing),
    shows: (page, { pending }) =>
      page.getByRole('link', { name: pending }).and(page.locator('[aria-current]')).waitFor(),
  },
  'registrations, error': {
    path: () => `${home}/registrations?status=all`,
    before: (page) => failApi(page, '/registrations', { status: 403, code: 'forbidden', traceId: 'abc' }),
    shows: (page, { retry }) => page.getByRole('button', { name: retry }).waitFor(),
  },
  'a registration': {
    path: () => `${home}/registrations/${someone.id}`,
    shows: (page) => page.getByRole('heading', { level: 2 }).nth(2).waitFor(),
  },
  doors: {
    path: () => `${home}/devices`,
    shows: (page) => page.getByRole('switch').nth(2).waitFor(),
  },
  'doors, none': {
    path: () => `${home}/devices`,
    before: async (page) => {
      await answerApi(page, '/devices', nothing);
      await answerApi(page, '/gates', nothing);
    },
    shows: (page, { add }) => page.getByRole('button', { name: add }).waitFor(),
  },
  'a new device': {
    path: () => `${home}/devices`,
    shows: async (page, { add }) => {
      await page.getByRole('switch').nth(2).waitFor();
      await page.getByRole('button', { name: add }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'an enrolment': {
    path: () => `${home}/devices`,
    shows: async (page, { add, make }) => {
      await page.getByRole('button', { name: add }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').first().fill('Door 1');
      await dialog.getByRole('checkbox').first().check();
      await dialog.getByRole('button', { name: make }).click();
      await dialog.getByRole('img').nth(1).waitFor();
    },
  },
  conflicts: {
    path: () => `${home}/conflicts`,
    before: (page) =>
      answerApi(page, '/conflicts', {
        items: [conflict('offline_double', 2), conflict('shown_differs', 1)],
        nextCursor: null,
      }),
    shows: (page) => page.getByRole('article').nth(1).waitFor(),
  },
  'conflicts, offline': {
    path: () => `${home}/conflicts`,
    shows: async (page, { offline, conflicts }) => {
      await page.getByRole('heading', { level: 1, name: conflicts }).waitFor();
      await goOffline(page);
      await page.getByText(offline).first().waitFor();
    },
  },
};

const looks = combinations({
  screen: Object.keys(screens),
  viewport: ['phone', 'desk'],
  locale: ['en', 'zh-CN'],
  scheme: ['light', 'dark'],
});

/** Where there is more to press than what every page has. */
const byKeyboard = new Set(['registrations', 'a registration', 'doors', 'a new device', 'conflicts']);

it.each(looks)('$screen: $viewport, $locale, $scheme', async ({ screen, ...look }) => {
  const { path, before, shows } = screens[screen] as (typeof screens)[string];
  const page = await openStaffPage(tokens, path(), look, before);
  await shows(page, words[look.locale]);
  await axe(page, screen);
  await reflows(page);
  await targets(page, 24);
  if (look.viewport === 'desk' && byKeyboard.has(screen)) await keyboardStops(page);
  await shot(page, `${screen} ${look.viewport} ${look.locale} ${look.scheme}`);
});
