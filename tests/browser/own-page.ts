import { openPage, type Page, type PageOptions } from './browser';

/** Pages of a test's own, with which the tools prove themselves. */

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

/** A page of the test's own at the system's origin. */
export async function serve(
  page: Page,
  path: string,
  body: string,
  contentType = 'text/html; charset=utf-8',
): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ contentType, headers: { 'content-security-policy': strict }, body }),
  );
}

/** Opens a page with this body; `css` is a file, since the policy takes no inline style. */
export async function opened(body: string, css = '', options: PageOptions = {}): Promise<Page> {
  const page = await openPage(options);
  await serve(page, '/__page.css', css, 'text/css');
  await serve(
    page,
    '/__page',
    `<!doctype html><html lang="en"><head><title>A page</title><meta name="viewport" content="width=device-width">
     <link rel="stylesheet" href="/__page.css"></head><body><main><h1>A page</h1>${body}</main></body></html>`,
  );
  await page.goto('/__page');
  return page;
}
