import { encodeBase45 } from '@plenary/badge-token';
import { type Gate, routes, type Scan, type SubForum, type Verdict } from '@plenary/contracts';
import { until } from '@plenary/testing';
import { badgeOf, Conference, choiceBecomes, type Delegate, type Door, minutes, scan } from '../e2e/world';
import {
  allowProblems,
  axe,
  combinations,
  expectProblems,
  fakeCamera,
  keyboardStops,
  openPage,
  type Page,
  type PageOptions,
  reflows,
  shot,
  targets,
} from './browser';
import { enrolled, handScan, kept, next, ready, verdictIs } from './door-page';

let conference: Conference;
let subForum: SubForum;
let gate: Gate;
let door: Door;
let otherDoor: Door;
let holder: Delegate;
let badge: string;

beforeAll(async () => {
  conference = await Conference.create();
  ({ subForum, gate, door } = await conference.room({
    title: { en: 'Smart Water', 'zh-CN': '智慧水务' },
    room: '3F 302',
    capacity: 6,
    endsAt: minutes(90),
  }));
  [otherDoor, holder] = await Promise.all([
    conference.door({ rooms: [subForum.room] }),
    conference.register([subForum.id]),
  ]);
  badge = await badgeOf(holder);
});

/** Of a badge's form, signed by nobody. */
const forged = encodeBase45(Uint8Array.from({ length: 87 }, (_, at) => (at === 0 ? 1 : at)));
const insideOf = (page: Page) => page.locator('main').getByText(/^inside \d+/);
/** The words for those who listen, in a region that was there before. */
const said = (page: Page, words: RegExp) =>
  page.locator('[role=status][aria-live=assertive]').getByText(words).waitFor();

/** Answers the door's scans as the server might; `answer` makes the verdict of a scan. */
async function answerScans(page: Page, answer: (scan: Scan) => Partial<Verdict>): Promise<void> {
  await page.route('**/api/v1/scans', (route) => {
    const asked = route.request().postDataJSON() as Scan;
    const verdict: Partial<Verdict> = {
      scanId: asked.scanId,
      replay: false,
      method: 'token',
      delegate: { name: '欧阳明慧', latinName: 'OUYANG Minghui', organisation: 'Data Bureau', category: 'delegate' },
      room: { inside: 212, cap: 280 },
      decidedAt: new Date().toISOString(),
      ...answer(asked),
    };
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify(verdict) });
  });
}

describe('enrolling', () => {
  it('by a typed code, then Start, and the first badge by hand scanner', async () => {
    const { enrolmentCode } = await conference.organiser.call(routes.createDevice, {
      params: { slug: conference.slug },
      body: { name: 'Tablet at 302', rooms: [subForum.room] },
    });
    const guest = await conference.register([subForum.id], {
      person: { name: 'Wanjiru Kamau', email: 'w@example.org' },
    });
    const page = await openPage({ viewport: 'phone', path: '/door' });
    await axe(page, 'enrol');
    await targets(page, 64);
    await reflows(page);
    const field = page.getByRole('textbox', { name: 'Enrolment code' });
    await field.fill('7kq2');
    await page.keyboard.press('Enter');
    await page.getByText('this has 4').waitFor();
    expectProblems(page, /422/);
    await field.fill('0000-0000-0000');
    await page.keyboard.press('Enter');
    await page.getByText('wrong, expired or used').waitFor();
    await axe(page, 'a code that is wrong');
    await field.fill(enrolmentCode.toLowerCase().replaceAll('-', ' '));
    await page.keyboard.press('Enter');

    await page.getByRole('radio', { name: /3F 302.*Smart Water.*open now/s }).waitFor();
    await axe(page, 'setup');
    await targets(page, 64);
    await reflows(page);
    await page.getByRole('button', { name: 'Test sound' }).click();
    await page.getByText('Two tones up were played').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await insideOf(page).waitFor();
    await handScan(page, await badgeOf(guest));
    const screen = await verdictIs(page, 'in');
    await screen.getByText('Wanjiru Kamau').first().waitFor();
    await said(page, /IN\. Welcome\. Wanjiru Kamau/);

    // Known after a reload; a code in the address is taken out of it at once, and asks before it replaces the device.
    await page.reload();
    await page.getByRole('button', { name: 'Start' }).waitFor();
    await page.evaluate(() => {
      location.hash = '#enrol=7kq2m0xd93tv';
    });
    expect(await field.inputValue()).toBe('7KQ2-M0XD-93TV');
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Stay Tablet at 302' }).click();
    await page.getByRole('button', { name: 'Start' }).waitFor();
  });

  it('loads at most 150 kB before the first screen, and no decoder', async () => {
    const page = await openPage({ viewport: 'phone', path: '/door' });
    await page.getByRole('textbox').waitFor();
    await page.waitForLoadState('networkidle');
    const loaded = await page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => /\.(js|wasm)$/.test(name))
        .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
    );
    const kilobytes = loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
    process.stderr.write(`    first load of the door: ${kilobytes.toFixed(1)} kB of JavaScript\n`);
    expect(kilobytes).toBeGreaterThan(20);
    expect(kilobytes).toBeLessThanOrEqual(150);
    expect(loaded.map(({ name }) => name).join()).not.toMatch(/wasm|decode/);
  });
});

describe('verdicts of the system', () => {
  it('admits, knows who is inside, lets go, and takes back', async () => {
    const page = await ready(kept(conference, door, gate));
    await insideOf(page).waitFor();
    await handScan(page, badge);
    let screen = await verdictIs(page, 'in');
    await screen.getByRole('heading', { name: 'Welcome' }).waitFor();
    await screen.getByText('OUYANG Minghui').waitFor();
    await screen.getByText('Data Bureau').waitFor();
    // Undo counts for the server, not only for the screen.
    await screen.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('欧阳明慧 counts as not scanned').first().waitFor();
    await said(page, /Taken back/);
    await next(page);
    await scan(otherDoor, gate, badge);
    await handScan(page, badge);
    screen = await verdictIs(page, 'hold');
    await screen.getByRole('heading', { name: /^Inside since \d\d:\d\d, / }).waitFor();
    await screen.getByText('Check photo ID').waitFor();
    await said(page, /HOLD\. Inside since/);
    expect(await screen.getByRole('button', { name: 'Undo' }).count()).toBe(0);
    await next(page);

    // Out, at the same gate, switched on the spot.
    await page.getByRole('button', { name: 'Gate' }).click();
    await page.getByRole('radio', { name: 'OUT' }).check();
    await page.getByRole('button', { name: 'Stand here' }).click();
    await handScan(page, badge);
    await (await verdictIs(page, 'out')).getByRole('heading', { name: 'Goodbye' }).waitFor();
    await next(page);

    await page.getByRole('button', { name: 'Scans' }).click();
    const list = page.getByRole('dialog', { name: 'Scans' });
    await list.getByText('taken back').waitFor();
    expect(await list.getByRole('listitem').count()).toBe(3);
    await axe(page, 'scans');
    await targets(page, 64);
    await reflows(page);
    await list.getByRole('button', { name: /^Needs attention/ }).click();
    expect(await list.getByRole('listitem').count()).toBe(1);
    await list.getByRole('button', { name: /^All/ }).click();
    await list.getByRole('button', { name: 'Undo 欧阳明慧' }).click();
    await until(async () => (await list.getByText('taken back').count()) === 2 || undefined, {
      what: 'the exit taken back',
    });
  });

  it('holds and stops who should not come in', async () => {
    const [small, elsewhere, gone] = await Promise.all([
      conference.room({ title: { en: 'Small' }, room: '3F 304', capacity: 1, endsAt: minutes(90) }),
      conference.subForum({
        title: { en: 'Green Ports' },
        room: '2F 210',
        startsAt: minutes(100),
        endsAt: minutes(190),
      }),
      conference.register([subForum.id]),
    ]);
    await conference.register([small.subForum.id]);
    const goneBadge = await badgeOf(gone);
    const [waiting, visitor] = await Promise.all([
      conference.register([small.subForum.id]),
      conference.register([elsewhere.id]),
      gone.client.call(routes.cancelOwnRegistration),
    ]);
    await choiceBecomes(waiting, small.subForum.id, 'waitlisted');
    const page = await ready(kept(conference, small.door, small.gate));
    const cases: [string, string, string, string][] = [
      [await badgeOf(waiting), 'hold', 'Waitlist no. 1', 'To the desk'],
      [await badgeOf(visitor), 'hold', 'No seat here', 'Seat is in 2F 210'],
      [goneBadge, 'stop', 'Registration cancelled', 'To the desk'],
      [forged, 'stop', 'Not a valid badge', 'To the desk'],
      ['HTTPS://WEIXIN.QQ.COM/R/ABC', 'stop', 'Not a Plenary badge', "Ask for today's badge"],
    ];
    for (const [token, verdict, headline, box] of cases) {
      await handScan(page, token);
      const screen = await verdictIs(page, verdict);
      await screen.getByRole('heading', { name: headline }).waitFor();
      await screen.getByText(box).waitFor();
      await next(page);
    }
  });

  it('finds a person by name and admits without a badge, by keyboard alone', async () => {
    const guest = await conference.register([subForum.id], {
      person: { name: '司马相如', latinName: 'SIMA Xiangru', email: 's@example.org', organisation: 'Shu Press' },
    });
    await badgeOf(guest);
    const page = await ready(kept(conference, door, gate), { viewport: 'desk' });
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox', { name: 'Name' });
    await field.waitFor();
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.type('zz', { delay: 70 });
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(0);
    await field.fill('司马');
    const found = page.getByRole('button', { name: /司马相如/ });
    await found.getByText('seat', { exact: true }).waitFor();
    await axe(page, 'found by name');
    await targets(page, 64);
    await reflows(page);
    await keyboardStops(page);
    await field.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Admit SIMA Xiangru' }).waitFor();
    await page.keyboard.press('Enter');
    const screen = await verdictIs(page, 'in');
    await screen.getByText('Admitted by name').waitFor();
    expect((await scan(otherDoor, gate, await badgeOf(guest))).reason).toBe('already_inside');
  });
});

describe('every class', () => {
  /** Class, what the server says, headline, and its Chinese word. */
  const soon = minutes(25);
  const classes: [string, Partial<Verdict>, RegExp, string][] = [
    ['in', { verdict: 'admitted', detail: 'walk_in', undoableUntil: minutes(15) }, /Walk-in|现场入场/, 'IN|请进'],
    [
      'hold',
      { verdict: 'refused', reason: 'too_early', opensAt: soon },
      /Opens .*\d\d:\d\d|\d\d:\d\d 开放/,
      'HOLD|请稍候',
    ],
    ['stop', { verdict: 'refused', reason: 'revoked', since: minutes(-9) }, /withdrawn|注销/, 'STOP|不能入场'],
    ['out', { verdict: 'exited', detail: 'not_inside', undoableUntil: minutes(15) }, /Goodbye|再见/, 'OUT|已离场'],
  ];
  const looks = combinations({
    which: [0, 1, 2, 3],
    viewport: ['phone', 'desk'],
    locale: ['en', 'zh-CN'],
    scheme: ['light', 'dark'],
    forcedColors: [false, true],
  } as const);

  it.each(looks)('is told by shape and word: %j', async ({ which, ...options }) => {
    const [verdict, answer, headline, word] = classes[which] as (typeof classes)[0];
    const page = await ready(kept(conference, door, gate), options as PageOptions);
    await answerScans(page, () => answer);
    await handScan(page, badge);
    const screen = await verdictIs(page, verdict);
    await screen.getByRole('heading', { name: headline }).waitFor();
    await screen
      .getByText(new RegExp(`^(${word})$`))
      .last()
      .waitFor();
    const shape = screen.locator(`svg[data-verdict-shape=${verdict}]`);
    expect((await shape.boundingBox())?.width).toBeGreaterThanOrEqual(200);
    // Seen without colour: the strokes differ from the ground also where the browser chooses the colours.
    const [stroke, ground] = await shape.evaluate((element) => [
      getComputedStyle(element.firstElementChild as Element).stroke,
      getComputedStyle(element.closest('section') as Element).backgroundColor,
    ]);
    expect(stroke).not.toBe(ground);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    if (!options.forcedColors) await axe(page, `verdict ${verdict}`);
    await targets(page, 64);
    await reflows(page);
    if (options.viewport === 'desk') await keyboardStops(page);
    await shot(page, `door-${verdict}-${options.locale}-${options.viewport}-${options.scheme}`);
  });

  it('IN goes by itself after three seconds, HOLD stays, and the next badge replaces it at once', async () => {
    const page = await ready(kept(conference, door, gate, { stay: false }));
    await answerScans(page, ({ token }) =>
      token === badge ? { verdict: 'admitted', detail: 'first' } : { verdict: 'refused', reason: 'too_late' },
    );
    await handScan(page, forged);
    await verdictIs(page, 'hold');
    await handScan(page, badge);
    const shown = Date.now();
    await verdictIs(page, 'in');
    await page.locator('[data-verdict]').waitFor({ state: 'detached' });
    expect(Date.now() - shown).toBeGreaterThan(2_000);
  });
});

describe('the ready screen', () => {
  it.each(combinations({ viewport: ['phone', 'desk'], locale: ['en', 'zh-CN'], scheme: ['light', 'dark'] } as const))(
    '%j',
    async (options) => {
      const page = await ready(kept(conference, door, gate, { direction: 'exit' }), options);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(options.locale);
      await page.getByText(options.locale === 'en' ? /no camera|is not allowed/ : /没有相机|未获允许/).waitFor();
      await page.getByText(options.locale === 'en' ? 'live' : '实时', { exact: true }).waitFor();
      await axe(page, 'ready');
      await targets(page, 64);
      await reflows(page);
      await keyboardStops(page);
      await shot(page, `door-ready-${options.locale}-${options.viewport}-${options.scheme}`);
      const buttons = await page.getByRole('button', { name: /^(Search|Scans|Gate|查找|记录|入口)$/ }).all();
      expect(buttons).toHaveLength(3);
      for (const button of buttons) {
        const box = await button.boundingBox();
        expect(box?.y).toBeGreaterThanOrEqual((page.viewportSize()?.height ?? 0) * 0.6);
      }
      await page.getByRole('button', { name: /^(Gate|入口)$/ }).click();
      await axe(page, 'gate');
      await targets(page, 64);
      await reflows(page);
      await shot(page, `door-gate-${options.locale}-${options.viewport}-${options.scheme}`);
    },
  );

  it('a rehearsal says so before any colour; a clock that is off is told; a device can be forgotten', async () => {
    const page = await enrolled(kept(conference, door, gate));
    await page.route(new RegExp(`/conferences/${conference.slug}$`), async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), mode: 'rehearsal' } });
    });
    await page.goto('/door');
    await page.getByText('REHEARSAL').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await answerScans(page, () => ({ verdict: 'admitted', detail: 'first', decidedAt: minutes(7) }));
    await handScan(page, badge);
    await verdictIs(page, 'in');
    await page.getByText('REHEARSAL').waitFor();
    await axe(page, 'rehearsal');
    await next(page);
    await page.getByText('clock is 7 minutes off').waitFor();
    await page.getByRole('button', { name: 'Gate' }).click();
    await page.getByRole('button', { name: 'Forget this device' }).click();
    await axe(page, 'forget');
    await page.getByRole('dialog', { name: 'Forget this device?' }).getByRole('button', { name: 'Forget' }).click();
    await page.getByRole('textbox', { name: 'Enrolment code' }).waitFor();
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('plenary.door'))),
    ).toEqual([]);
  });

  it('says when an input method or another window takes the keys', async () => {
    const page = await ready(kept(conference, door, gate, { handScanner: true }));
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    const paused = page.getByRole('button', { name: /Scanner paused/ });
    await paused.waitFor();
    await axe(page, 'scanner paused');
    await paused.click();
    await paused.waitFor({ state: 'detached' });
    // A code is read with the focus in a field and an input method at work: the places of the keys tell it.
    await page.keyboard.press('/');
    await page.getByRole('searchbox').waitFor();
    await answerScans(page, () => ({ verdict: 'admitted', detail: 'first' }));
    await handScan(page, badge);
    await verdictIs(page, 'in');
  });
});

describe('when something is in the way', () => {
  it('no answer is NOT DECIDED without a claim; tried again it is the same scan, and one admission', async () => {
    const { subForum, gate, door } = await conference.room({ title: { en: 'Lines' }, endsAt: minutes(90) });
    const guest = await conference.register([subForum.id]);
    const token = await badgeOf(guest);
    const page = await ready(kept(conference, door, gate));
    allowProblems(page, /ERR_FAILED/);
    const ids: string[] = [];
    let cut = true;
    // The server hears each of them; its answer is lost.
    await page.route('**/api/v1/scans', async (route) => {
      ids.push((route.request().postDataJSON() as Scan).scanId);
      if (!cut) return route.continue();
      await route.fetch();
      return route.abort('failed');
    });
    await handScan(page, token);
    const screen = await verdictIs(page, 'none');
    await screen.getByText('NOT DECIDED').waitFor();
    await screen.getByText('Try again, or send to the desk').waitFor();
    await axe(page, 'not decided');
    await targets(page, 64);
    cut = false;
    await screen.getByRole('button', { name: 'Try again' }).click();
    await (await verdictIs(page, 'in')).getByRole('heading', { name: 'Welcome' }).waitFor();
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(1);
    await next(page);
    await insideOf(page).getByText('inside 1 / 100').waitFor();
    await page.getByRole('button', { name: 'Scans' }).click();
    expect(await page.getByRole('dialog').getByRole('listitem').count()).toBe(1);
  });

  it('a removed device is told so, and may be enrolled again', async () => {
    const own = await conference.door({ rooms: [subForum.room] });
    const page = await ready(kept(conference, own, gate));
    await insideOf(page).waitFor();
    allowProblems(page, /401/);
    await conference.organiser.call(routes.revokeDevice, { params: { id: own.id } });
    await until(
      () =>
        own.client.call(routes.getGate, { params: { id: gate.id } }).then(
          () => undefined,
          () => true as const,
        ),
      { what: 'the device is refused' },
    );
    await handScan(page, badge);
    await page.getByRole('heading', { name: 'This device was removed' }).waitFor();
    await axe(page, 'removed');
    await targets(page, 64);
    await reflows(page);
    await page.getByRole('button', { name: 'Enrol again' }).click();
    await page.getByRole('textbox', { name: 'Enrolment code' }).waitFor();
  });

  it('gates that cannot be read say why, and are asked for again', async () => {
    const page = await enrolled(kept(conference, door));
    expectProblems(page, /404/);
    await page.route('**/gates?*', (route) =>
      route.fulfill({
        status: 404,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'not_found', status: 404, detail: '' }),
      }),
    );
    await page.goto('/door');
    await page.getByRole('alert').waitFor();
    await axe(page, 'no gates');
    await targets(page, 64);
    await page.unroute('**/gates?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Start' }).waitFor();
  });
});

describe('the camera', () => {
  it('reads the badge that the delegate got, once while it is held there', async () => {
    const { subForum, gate, door } = await conference.room({ title: { en: 'Cameras' }, endsAt: minutes(90) });
    const guest = await conference.register([subForum.id]);
    const png = await guest.client.send(routes.getOwnBadgePng, {}, {}).then(async (answer) => {
      if (!answer.ok) throw new Error(`no badge: ${answer.status}`);
      return Buffer.from(await answer.arrayBuffer());
    });
    const camera = fakeCamera({ scenes: [{ png, seconds: 3 }], framesPerSecond: 2 });
    const page = await ready(kept(conference, door, gate), { camera });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/v1/scans')) sent.push(request.url());
    });
    const screen = await verdictIs(page, 'in');
    await screen.getByRole('heading', { name: 'Welcome' }).waitFor();
    await axe(page, 'admitted by camera');
    await next(page);
    await axe(page, 'ready with a camera');
    await targets(page, 64);
    // It is still held there: no second scan, also after the time in which the same badge is old news.
    await page.waitForTimeout(4_500);
    expect(await page.locator('[data-verdict]').count()).toBe(0);
    expect(sent.length).toBeLessThanOrEqual(1);
    const decoders = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    expect(decoders.join()).toMatch(/\/assets\/decode-worker-/);
  });

  it('sleeps when nobody comes, and wakes at a tap', async () => {
    const camera = fakeCamera({ scenes: [{ seconds: 1 }], framesPerSecond: 2 });
    const page = await ready(kept(conference, door, gate), { camera });
    const film = page.locator('video');
    const runs = () =>
      film.evaluate(
        (video) => (video as HTMLVideoElement).srcObject !== null && (video as HTMLVideoElement).videoWidth > 0,
      );
    await until(async () => (await runs()) || undefined, { what: 'the camera runs' });
    await page.getByText("Hold the badge's QR code").waitFor();
    // A minute passes.
    await page.evaluate(() => {
      const steady = performance.now.bind(performance);
      performance.now = () => steady() + 60_000;
    });
    const wake = page.getByRole('button', { name: /Camera asleep/ });
    await wake.waitFor();
    expect(await runs()).toBe(false);
    await axe(page, 'camera asleep');
    await wake.tap();
    await wake.waitFor({ state: 'detached' });
    await until(async () => (await runs()) || undefined, { what: 'the camera runs again' });
  });
});
