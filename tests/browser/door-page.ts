import type { Gate } from '@plenary/contracts';
import type { CDPSession } from 'playwright-core';
import type { Conference, Door } from '../e2e/world';
import { openPage, type Page, type PageOptions } from './browser';

/** What the tests of the door do to its page. */

/** What an enrolled phone keeps. */
export function kept(conference: Conference, door: Door, gate?: Gate, more: object = {}) {
  return {
    token: door.client.token,
    id: door.id,
    name: 'Phone of the test',
    conferenceId: conference.id,
    slug: conference.slug,
    ...(gate && { gateId: gate.id }),
    // Verdicts stay until the test has looked at them.
    stay: true,
    ...more,
  };
}

/** A page that is enrolled already, before its gates. */
export async function enrolled(keeps: object, options: PageOptions = {}): Promise<Page> {
  const page = await openPage({ viewport: 'phone', ...options });
  await page.addInitScript((device) => {
    if (!sessionStorage.getItem('seeded')) localStorage.setItem('plenary.door', JSON.stringify(device));
    sessionStorage.setItem('seeded', 'yes');
  }, keeps);
  return page;
}

/** A page that stands at its gate and is ready. */
export async function ready(keeps: object, options: PageOptions = {}): Promise<Page> {
  const page = await enrolled(keeps, options);
  await page.goto('/door');
  await page.getByRole('button', { name: /^(Start|开始)$/ }).click();
  await page.getByRole('button', { name: /^(Search|查找)$/ }).waitFor();
  return page;
}

const places: Record<string, [code: string, shift: boolean]> = {
  ' ': ['Space', false],
  $: ['Digit4', true],
  '%': ['Digit5', true],
  '*': ['Digit8', true],
  '+': ['Equal', true],
  '-': ['Minus', false],
  '.': ['Period', false],
  '/': ['Slash', false],
  ':': ['Semicolon', true],
};
const sessions = new WeakMap<Page, Promise<CDPSession>>();

/**
 * Types as a hand scanner does: real keys, 4 ms apart by the events' own times, so that a busy machine does not make a
 * person of it; Enter at the end.
 */
export async function handScan(page: Page, text: string): Promise<void> {
  const opening = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, opening);
  const session = await opening;
  const start = Date.now() / 1000;
  const sent = [...text, '\r'].flatMap((character, index) => {
    const [code, shift] =
      character === '\r'
        ? ['Enter', false]
        : (places[character] ?? (/\d/.test(character) ? [`Digit${character}`, false] : [`Key${character}`, true]));
    const key = {
      code: code as string,
      key: character === '\r' ? 'Enter' : character,
      text: character,
      modifiers: shift ? 8 : 0,
      windowsVirtualKeyCode: character === '\r' ? 13 : character.charCodeAt(0),
      timestamp: start + index * 0.004,
    };
    return [
      session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key }),
      session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }),
    ];
  });
  await Promise.all(sent);
}

/** The verdict on the screen, once it is of this class. */
export async function verdictIs(page: Page, verdict: string) {
  const screen = page.locator(`[data-verdict="${verdict}"]`);
  await screen.waitFor();
  return screen;
}

/** Next, by the key of a hand scanner's desk. */
export async function next(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('[data-verdict]').waitFor({ state: 'detached' });
}
