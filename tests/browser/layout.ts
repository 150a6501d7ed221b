import type { Page } from 'playwright-core';

/** Throws if the page scrolls sideways at its present width, at 320 CSS pixels or at 200 % zoom. Being written. */
export async function reflows(_page: Page): Promise<void> {}

/** Throws if something to press is smaller than `minimum` CSS pixels in a direction. Being written. */
export async function targets(_page: Page, _minimum: number): Promise<void> {}
