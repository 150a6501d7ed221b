import { routes } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { Conference, minutes } from '../e2e/world';
import { fakeCamera, openPage, type Page, shot } from './browser';
import { openStaffPage } from './staff-page';

/**
 * The whole path as people see it, every page open at once: a delegate registers in Chinese on a phone and waits, is promoted
 * while the page is open, shows the badge on that page to a door's camera, is let in, and the organiser's board moves.
 */

it('from the programme to the board: registered, waitlisted, promoted, admitted, counted', async () => {
  const conference = await Conference.create();
  const title = { en: 'Smart Water', 'zh-CN': '智慧水务' };
  const { subForum, gate } = await conference.room({
    title,
    room: '3F 302',
    startsAt: minutes(-5),
    endsAt: minutes(55),
    capacity: 1,
    roomCap: 50,
  });
  await conference.register([subForum.id]);

  const delegate = await openPage({ viewport: 'phone', locale: 'zh-CN', path: `/c/${conference.slug}` });
  await register(delegate);
  await delegate.getByText('候补第 1 位').waitFor();

  const account = { email: 'organiser@plenary.example', password: 'plenary-demo' };
  const board = await openStaffPage(
    await stack().client.call(routes.signIn, { body: account }),
    `/organiser/${conference.slug}/live`,
    { viewport: 'desk' },
  );
  expect(await cell(board, subForum.id, 'Waitlisted')).toBe('1');
  expect(await cell(board, subForum.id, 'Inside')).toBe('0');

  await conference.change(subForum.id, { capacity: 2 });
  const raised = performance.now();
  await delegate.getByText('席位已确认').waitFor();
  const promoted = performance.now() - raised;

  // What the phone shows is what the door's camera sees.
  const code = delegate.getByRole('img', { name: /参会证二维码/ });
  await code.waitFor();
  const camera = fakeCamera(await code.screenshot());

  const { enrolmentCode } = await conference.organiser.call(routes.createDevice, {
    params: { slug: conference.slug },
    body: { name: 'Door 3F', gateIds: [gate.id] },
  });
  const door = await openPage({ viewport: 'phone', locale: 'zh-CN', camera, path: `/door#enrol=${enrolmentCode}` });
  await door.getByRole('button', { name: '登记' }).tap();
  await door.getByRole('button', { name: '开始', exact: true }).tap();
  await door.getByText('请进', { exact: true }).first().waitFor();
  const admitted = performance.now();
  await door.getByText('欧阳明慧').first().waitFor();
  await shot(door, 'path door zh-CN');

  await until(async () => ((await cell(board, subForum.id, 'Inside')) === '1' ? true : undefined), {
    what: '1 inside on the board',
    everyMs: 20,
  });
  const moved = performance.now() - admitted;
  expect(await cell(board, subForum.id, 'Waitlisted')).toBe('0');
  expect(await cell(board, subForum.id, 'Checked in')).toBe('1');
  process.stderr.write(
    `    seen by the delegate ${promoted.toFixed(0)} ms after the capacity was raised, by the board ${moved.toFixed(0)} ms after the door's verdict\n`,
  );
}, 120_000);

/** Through the five steps by touch, from the programme on. */
async function register(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /智慧水务/ })
    .first()
    .tap();
  await page
    .getByRole('link', { name: /下一步|继续|报名/ })
    .last()
    .tap();
  const next = page.getByRole('button', { name: '继续' });
  const step = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await step('个人信息');
  await page.getByLabel('姓名', { exact: true }).fill('欧阳明慧');
  await page.getByLabel('姓名的拉丁字母写法').fill('OUYANG Minghui');
  await page.getByLabel('电子邮箱').fill(`${crypto.randomUUID()}@delegates.example`);
  await page.getByRole('radio', { name: '代表' }).check();
  await next.tap();
  await step('单位');
  await next.tap();
  await step('特殊需求');
  await next.tap();
  await step('分论坛');
  await next.tap();
  // Told before anything is sent.
  await page.getByText(/已满：您将进入候补/).waitFor();
  await page.getByRole('checkbox', { name: /^我同意按说明/ }).check();
  await page.getByRole('button', { name: '提交报名' }).tap();
  await step('我的报名');
}

/** The text of a cell of the board, by the name of its column. */
async function cell(board: Page, subForumId: string, column: string): Promise<string> {
  const row = board.locator(`tr[data-key="${subForumId}"]`);
  await row.waitFor();
  return row.evaluate((element, name) => {
    const heads = [...(element.closest('table')?.querySelectorAll('thead th') ?? [])];
    return element.children[heads.findIndex((head) => head.textContent === name)]?.textContent ?? `no column ${name}`;
  }, column);
}
