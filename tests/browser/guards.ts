import type { BrowserContext, Page } from 'playwright-core';

interface Watch {
  readonly found: string[];
  /** Problems that a test has announced; `needed` ones must come. */
  readonly announced: { pattern: RegExp; needed: boolean; came: boolean }[];
}

const watches = new Map<BrowserContext, Watch>();

/** Listens on every page of the context for what must never happen, from before its first script runs. */
export async function watch(context: BrowserContext, origin: string): Promise<void> {
  const found: string[] = [];
  watches.set(context, { found, announced: [] });
  await context.exposeBinding('__policyViolation', (_source, text: string) => {
    found.push(`CSP violation: ${text}`);
  });
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => {
      const report = (window as unknown as { __policyViolation: (text: string) => void }).__policyViolation;
      report(
        `${event.effectiveDirective} refused ${event.blockedURI} on ${event.documentURI}, line ${event.lineNumber}`,
      );
    });
  });
  context.on('console', (message) => {
    const from = message.location().url;
    const line = `${message.text()}${from ? ` (${from})` : ''}`;
    if (/content.security.policy/i.test(message.text())) found.push(`CSP message: ${line}`);
    else if (message.type() === 'error') found.push(`console error: ${line}`);
  });
  context.on('weberror', (event) => {
    found.push(`page error: ${event.error().stack ?? event.error().message}`);
  });
  const sameOrigin = (url: string) => !/^(https?|wss?):/.test(url) || new URL(url).host === new URL(origin).host;
  context.on('request', (request) => {
    if (!sameOrigin(request.url())) found.push(`request to another origin: ${request.url()}`);
  });
  const watchSockets = (page: Page) =>
    page.on('websocket', (socket) => {
      if (!sameOrigin(socket.url())) found.push(`request to another origin: ${socket.url()}`);
    });
  context.on('page', watchSockets);
}

/** Says which problems this test will cause (a refused call logs a console error). Each must come, or the test fails. */
export function expectProblems(page: Page, ...patterns: RegExp[]): void {
  announce(page, patterns, true);
}

/** As `expectProblems`, for problems that may come or not. */
export function allowProblems(page: Page, ...patterns: RegExp[]): void {
  announce(page, patterns, false);
}

function announce(page: Page, patterns: RegExp[], needed: boolean): void {
  const announced = watchOf(page).announced;
  announced.push(...patterns.map((pattern) => ({ pattern, needed, came: false })));
}

function watchOf(page: Page): Watch {
  const found = watches.get(page.context());
  if (!found) throw new Error('This page was not opened by openPage');
  return found;
}

/** Everything that was found on the pages of the context and not announced; also what was announced and did not come. */
export async function problemsOf(context: BrowserContext): Promise<string[]> {
  const known = watches.get(context);
  if (!known) return [];
  // What a page has done up to here is reported in its event loop: one turn of it lets the last reports come.
  await Promise.all(
    context
      .pages()
      .map((page) =>
        Promise.race([
          page.evaluate(() => new Promise((turned) => setTimeout(turned, 0))).catch(() => undefined),
          new Promise((enough) => setTimeout(enough, 2_000).unref()),
        ]),
      ),
  );
  const left = known.found.filter((problem) => {
    const matching = known.announced.filter((one) => one.pattern.test(problem));
    for (const one of matching) one.came = true;
    return matching.length === 0;
  });
  const absent = known.announced.filter((one) => one.needed && !one.came);
  return [...left, ...absent.map((one) => `expected, but did not happen: ${one.pattern}`)];
}

export function forget(context: BrowserContext): void {
  watches.delete(context);
}
