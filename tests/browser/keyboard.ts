import type { CDPSession, Page } from 'playwright-core';
import { focusInPage, type Seen } from './keyboard-in-page';

/** Where Tab stops: role and name as the browser tells them to a screen reader, the box in CSS pixels of the viewport. */
export interface Stop {
  readonly role: string;
  readonly name: string;
  readonly box: { x: number; y: number; width: number; height: number };
}

/**
 * Presses Tab from where the focus is (at first: the page's start) until it has gone round, or `most` times, and returns
 * the stops. Throws if at a stop the focus cannot be seen (no outline or shadow that is not there without focus), is
 * outside the viewport or covered, or if it is caught: it goes round in a part of the page, and not in an open dialog.
 */
export async function keyboardStops(page: Page, most = 300): Promise<Stop[]> {
  const session = await page.context().newCDPSession(page);
  const stops: Stop[] = [];
  const problems: string[] = [];
  const named = (stop: Stop | undefined) => `${stop?.role} "${stop?.name}"`;
  await page.evaluate(focusInPage);
  try {
    let atStart = false;
    while (stops.length < most) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => window.__focus.look());
      const unchanged = await page.evaluate((last) => window.__focus.looksAsFocused(last), stops.length - 1);
      if (unchanged) problems.push(`${named(stops.at(-1))}: looks the same with and without focus`);
      if (!seen) {
        // Between its last and its first element the focus is on the page itself; twice in a row: there are none.
        if (atStart) break;
        atStart = true;
        continue;
      }
      atStart = false;
      if (seen.again) {
        if (seen.index > 0) problems.push(`focus is caught: after ${named(stops.at(-1))} comes ${seen.what} again`);
        break;
      }
      const stop = { ...(await toldToScreenReaders(session)), box: seen.box };
      stops.push(stop);
      problems.push(...wrongWith(seen).map((one) => `${named(stop)} (${seen.what}): ${one}`));
    }
    if (stops.length < most) {
      const missed = await page.evaluate(() => window.__focus.neverReached());
      if (missed.length > 0) problems.push(`focus is caught: Tab never reaches ${missed.join(', ')}`);
    }
  } finally {
    await session.detach();
  }
  if (problems.length > 0) throw new Error(`${page.url()}: keyboard\n- ${problems.join('\n- ')}`);
  return stops;
}

function wrongWith(seen: Seen): string[] {
  return [
    ...(seen.ring ? [] : ['focus cannot be seen']),
    ...(seen.outside ? [`outside the viewport, ${JSON.stringify(seen.box)}`] : []),
    ...(seen.coveredBy ? [`covered by ${seen.coveredBy}`] : []),
  ];
}

/** From the accessibility tree, so that it is what a screen reader gets, not what we think that it should. */
async function toldToScreenReaders(session: CDPSession): Promise<{ role: string; name: string }> {
  const { result } = await session.send('Runtime.evaluate', { expression: 'window.__focus.focused()' });
  if (!result.objectId) return { role: 'none', name: '' };
  const { nodes } = await session.send('Accessibility.getPartialAXTree', {
    objectId: result.objectId,
    fetchRelatives: false,
  });
  await session.send('Runtime.releaseObject', { objectId: result.objectId });
  return { role: String(nodes[0]?.role?.value ?? 'none'), name: String(nodes[0]?.name?.value ?? '') };
}
