import { routes } from '@plenary/contracts';
import { fosdem2025, stack } from '@plenary/testing';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../browser/chromium';
import type { Case } from '../case';
import type { Figure } from '../report';
import { BenchConference, minutes } from '../world';

/** A phone on a crowded network: 1.6 Mbit/s, 150 ms there and back, a processor a quarter as fast as this one. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const CPU_SLOWDOWN = 4;
const VISITS = 5;

interface Visit {
  /** When the largest text or picture stood, ms from the start of the navigation. */
  lcp: number;
  /** How much moved that had been painted. */
  cls: number;
  /** Bytes of JavaScript as they came over the line. */
  script: number;
}

/** How fast a delegate sees the programme, first visit, nothing cached: 42 sub-forums, and those of FOSDEM 2025. */
export const pages: Case = {
  name: 'pages',
  title: `first visit of the programme on a phone: 1.6 Mbit/s, 150 ms, CPU x${CPU_SLOWDOWN}, median of ${VISITS}`,
  changesData: true,
  async run(bench) {
    const smart = await programmeOf42();
    const fosdem = await programmeOfFosdem();
    const browser = await launchChromium();
    try {
      const figures: Figure[] = [];
      for (const [name, conference] of [
        ['42 sub-forums', smart],
        ['FOSDEM 2025', fosdem],
      ] as const) {
        const visits: Visit[] = [];
        for (let visit = 0; visit < VISITS; visit++) visits.push(await firstVisit(browser, `/c/${conference.slug}`));
        bench.say(`${name}: LCP ${visits.map(({ lcp }) => lcp.toFixed(0)).join(', ')} ms`);
        figures.push(
          { what: `${name}: LCP`, value: median(visits.map(({ lcp }) => lcp)), unit: 'ms', target: { atMost: 2_500 } },
          { what: `${name}: CLS`, value: median(visits.map(({ cls }) => cls)), unit: '', target: { atMost: 0.05 } },
          { what: `${name}: JavaScript`, value: (visits[0] as Visit).script / 1_000, unit: 'kB', note: 'gzip' },
        );
      }
      return figures;
    } finally {
      await browser.close();
    }
  },
};

async function firstVisit(browser: Browser, path: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', NETWORK);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await page.addInitScript(() => {
      const seen = { lcp: 0, cls: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => {
        for (const { startTime } of list.getEntries()) seen.lcp = startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
          if (!shift.hadRecentInput) seen.cls += shift.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(stack().url + path);
    await page
      .getByRole('link', { name: /Sub-forum|Forum|FOSDEM|room/i })
      .first()
      .waitFor({ timeout: 30_000 });
    await page.waitForLoadState('networkidle');
    return await page.evaluate(() => ({
      ...(window as unknown as { seen: { lcp: number; cls: number } }).seen,
      script: (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => name.endsWith('.js'))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }));
  } finally {
    await context.close();
  }
}

/** Two days, four slots, each in rooms of its own. */
async function programmeOf42(): Promise<BenchConference> {
  const conference = await BenchConference.create('pages');
  const slots = [0, 210, 1_440, 1_650];
  for (let index = 0; index < 42; index++) {
    const start = (slots[index % slots.length] as number) - 60;
    await conference.organiser.call(routes.createSubForum, {
      params: { slug: conference.slug },
      body: {
        code: `SF-${index + 1}`,
        title: {
          en: `Sub-forum ${index + 1}: data for cities that listen`,
          'zh-CN': `分论坛${index + 1}：倾听的城市数据`,
        },
        track: `Track ${index % 6}`,
        room: `${1 + (index % 5)}F ${101 + index}`,
        floor: `${1 + (index % 5)}F`,
        startsAt: minutes(start),
        endsAt: minutes(start + 180),
        capacity: 120,
      },
    });
  }
  return conference;
}

async function programmeOfFosdem(): Promise<BenchConference> {
  const conference = await BenchConference.create('fosdem', {
    timeZone: 'Europe/Brussels',
    startsOn: '2025-02-01',
    endsOn: '2025-02-02',
  });
  await conference.organiser.call(
    routes.importProgramme,
    { params: { slug: conference.slug }, query: { format: 'frab-xml' }, body: fosdem2025() },
    { timeoutMs: 60_000 },
  );
  return conference;
}

const median = (values: number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
