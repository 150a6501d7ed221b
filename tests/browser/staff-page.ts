import { type Client, routes } from '@plenary/contracts';
import { stack } from '@plenary/testing';
import { answerApi, openPage, type Page, type PageOptions } from './browser';

/** A member of staff of a conference with one role, made for the test; the answer is how its pages are signed in. */
export async function staffOf(organiser: Client, slug: string, role: 'desk' | 'supervisor'): Promise<StaffTokens> {
  const email = `${role}-${slug}@staff.example`;
  const { link } = await organiser.call(routes.createStaff, {
    params: { slug },
    body: { name: `The ${role}`, email, roles: [{ role }] },
  });
  const password = 'a long password';
  await stack().client.call(routes.setPassword, { body: { link: link as string, password } });
  return stack().client.call(routes.signIn, { body: { email, password } });
}

export interface StaffTokens {
  accessToken: string;
  expiresAt: string;
}

/**
 * A page of somebody who is signed in: what the refresh cookie would bring is answered by the test, so that pages in
 * contexts of their own do not use up one another's cookies. `before` arranges what the page will meet.
 */
export async function openStaffPage(
  tokens: StaffTokens,
  path: string,
  options: PageOptions = {},
  before?: (page: Page) => Promise<unknown>,
): Promise<Page> {
  const page = await openPage(options);
  await page.context().addInitScript(() => localStorage.setItem('plenary.signed-in', '1'));
  await answerApi(page, '/auth/refresh', tokens);
  await before?.(page);
  await page.goto(path);
  return page;
}
