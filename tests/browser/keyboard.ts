import type { Page } from 'playwright-core';

/** Where Tab stops. */
export interface Stop {
  readonly role: string;
  readonly name: string;
  readonly box: { x: number; y: number; width: number; height: number };
}

/** Presses Tab up to `most` times and returns the stops; throws on unseen, covered or trapped focus. Being written. */
export async function keyboardStops(_page: Page, _most = 100): Promise<Stop[]> {
  return [];
}
