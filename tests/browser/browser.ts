import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stack } from '@plenary/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium, screenshots } from './chromium';
import { forget, problemsOf, watch } from './guards';
import { Line, laid } from './line';

export type { Page } from 'playwright-core';
export { axe } from './axe';
export { fakeCamera } from './fake-camera';
export { allowProblems, expectProblems } from './guards';
export { HOSTILE_NAMES, inert } from './hostile';
export { keyboardStops, type Stop } from './keyboard';
export { reflows, targets } from './layout';
export { lineOf } from './line';
export { answerApi, failApi, goOffline, goOnline, holdApi, slowApi } from './network';
export { combinations, pairwise } from './pairwise';

/** A phone held upright, a desk's screen. */
export const VIEWPORTS = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } } as const;

export interface PageOptions {
  /** Default `desk`. A phone has a touch screen and honours the viewport tag. */
  readonly viewport?: keyof typeof VIEWPORTS;
  /** What the browser asks for (`Accept-Language`, `navigator.language`). Default `en`. */
  readonly locale?: 'en' | 'zh-CN';
  readonly scheme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
  readonly forcedColors?: boolean;
  /** Device pixels to a CSS pixel. Default 1. */
  readonly scale?: number;
  /** A file made by `fakeCamera`. */
  readonly camera?: string;
  /** Lays a line that `lineOf(page)` and `goOffline(page)` can cut, live streams included. */
  readonly line?: boolean;
  /** Lets the page have its service worker. Default false: what a worker answers, `page.route` does not see. */
  readonly serviceWorker?: boolean;
  /** Opened at once, relative to the origin, `/c/demo`. Without it the page is blank. */
  readonly path?: string;
  /** More options of playwright's own: `storageState`, `permissions`, … */
  readonly context?: Parameters<Browser['newContext']>[0];
}

const browsers = new Map<string, Promise<Browser>>();
const open = new Map<BrowserContext, Line | undefined>();

/** The browser of this spec file, started when first asked for; one for each camera. */
export function openBrowser(options: { camera?: string } = {}): Promise<Browser> {
  const key = options.camera ?? '';
  const running = browsers.get(key) ?? launchChromium(options);
  browsers.set(key, running);
  return running;
}

/**
 * A page in a context of its own (no cookies, no storage of other tests), at the system's origin, in Shanghai's time zone.
 * From its first script it is watched; at the end of the test it is closed, and the test fails on a CSP violation,
 * an uncaught error, a console error that was not expected, or a request to another origin.
 */
export async function openPage(options: PageOptions = {}): Promise<Page> {
  const phone = options.viewport === 'phone';
  const browser = await openBrowser(options.camera ? { camera: options.camera } : {});
  const origin = options.context?.baseURL ?? stack().url;
  const line = options.line ? await Line.open() : undefined;
  const context = await browser.newContext({
    // Chromium would spare this machine's own addresses the proxy.
    ...(line ? { proxy: { server: line.address, bypass: '<-loopback>' } } : {}),
    baseURL: origin,
    viewport: VIEWPORTS[options.viewport ?? 'desk'],
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: options.scale ?? 1,
    locale: options.locale ?? 'en',
    timezoneId: 'Asia/Shanghai',
    colorScheme: options.scheme ?? 'light',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
    forcedColors: options.forcedColors ? 'active' : 'none',
    serviceWorkers: options.serviceWorker ? 'allow' : 'block',
    ...options.context,
  });
  open.set(context, line);
  await watch(context, origin);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  if (line) laid(page, line);
  if (options.path !== undefined) await page.goto(options.path);
  return page;
}

/** Closes the test's pages and throws if one of them had a problem. Runs by itself after each test. */
export async function closePages(): Promise<void> {
  const problems: string[] = [];
  for (const [context, line] of open) {
    problems.push(...(await problemsOf(context)));
    forget(context);
    await context.close();
    await line?.close();
  }
  open.clear();
  if (problems.length > 0) throw new Error(`The pages of this test had problems:\n- ${problems.join('\n- ')}`);
}

/** Ends the browsers of this spec file. Runs by itself after its last test. */
export async function closeBrowsers(): Promise<void> {
  const running = [...browsers.values()];
  browsers.clear();
  await Promise.all(running.map(async (one) => (await one).close()));
}

/** A picture in `.plenary-screenshots/<name>.png`: what is in view, or with `fullPage` all of it. Returns the file. */
export async function shot(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<string> {
  mkdirSync(screenshots, { recursive: true });
  const path = join(screenshots, `${name.replace(/[^\w.-]+/g, '-')}.png`);
  await page.screenshot({ path, fullPage: options.fullPage ?? false, animations: 'disabled' });
  return path;
}
