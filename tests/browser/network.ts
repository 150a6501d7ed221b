import type { Page, Route } from 'playwright-core';
import { allowProblems } from './guards';
import { lineIfAny } from './line';

/** Which calls: the end of a path (`/registration`), or a pattern; always under `/api/v1`. */
export type Calls = string | RegExp;

function under(calls: Calls): (url: URL) => boolean {
  return ({ pathname }) => {
    if (!pathname.startsWith('/api/v1/')) return false;
    return typeof calls === 'string' ? pathname.endsWith(calls) : calls.test(pathname);
  };
}

/**
 * The network goes away: new calls fail and `navigator.onLine` says so. What is being received goes on, unless the page
 * was opened with `line: true`: then it breaks off too. What the browser says of it is allowed from here on.
 */
export async function goOffline(page: Page): Promise<void> {
  allowProblems(page, /net::ERR_/);
  await page.context().setOffline(true);
  lineIfAny(page)?.cut();
}

export async function goOnline(page: Page): Promise<void> {
  lineIfAny(page)?.mend();
  await page.context().setOffline(false);
}

/** Loading: these calls get no answer until the returned function is called; then they go to the system. */
export async function holdApi(page: Page, calls: Calls): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const matches = under(calls);
  const hold = async (route: Route) => {
    await released;
    await route.continue().catch(() => undefined);
  };
  await page.route(matches, hold);
  return async () => {
    release();
    await page.unroute(matches, hold);
  };
}

/** Slow: these calls reach the system `ms` milliseconds late. */
export async function slowApi(page: Page, calls: Calls, ms: number): Promise<void> {
  await page.route(under(calls), async (route) => {
    await new Promise((waited) => setTimeout(waited, ms));
    await route.continue().catch(() => undefined);
  });
}

/** Error: these calls are answered with a problem document; `status` 0 cuts the connection. Its console error is allowed. */
export async function failApi(
  page: Page,
  calls: Calls,
  problem: { status: number; code?: string; title?: string; traceId?: string },
): Promise<void> {
  const { status } = problem;
  allowProblems(page, status === 0 ? /net::ERR_FAILED/ : new RegExp(`responded with a status of ${status} `));
  await page.route(under(calls), (route) =>
    status === 0
      ? route.abort('failed')
      : route.fulfill({
          status,
          contentType: 'application/problem+json',
          body: JSON.stringify({
            type: 'about:blank',
            title: 'Made by the test',
            code: 'internal',
            ...problem,
          }),
        }),
  );
}

/** Empty, or anything else: these calls are answered with `body` as JSON. */
export async function answerApi(page: Page, calls: Calls, body: unknown, status = 200): Promise<void> {
  await page.route(under(calls), (route) =>
    route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) }),
  );
}
