import type { Page } from 'playwright-core';

/** Names that the contracts take as they are and that a page must show as typed: nothing in them runs, formats or breaks out. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=window.__owned=1>',
  '<script>window.__owned=1</script>',
  '"><svg onload=window.__owned=1>',
  'javascript:window.__owned=1',
  '{{7*7}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that nothing fills it in is the point
  '${7*7}',
  '{name, plural, one {#}}',
  "=cmd|' /C calc'!A0",
  '👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈',
  // Right to left, once plain, once with embeddings and an override that is never closed.
  'محمد بن عبد الله',
  'דוד בן־גוריון',
  '\u202bعلي\u202c \u202eevil\u202d Smith',
  'N'.repeat(200),
  '汉'.repeat(200),
] as const;

/** Throws if anything of a hostile text ran, or if one of `texts` is not on the page (as text or in a field) exactly as typed. */
export async function inert(page: Page, ...texts: readonly string[]): Promise<void> {
  const seen = await page.evaluate((texts) => {
    const fields = [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')];
    const missing = texts.filter(
      (text) => !document.body.textContent?.includes(text) && !fields.some((field) => field.value.includes(text)),
    );
    return { owned: (window as unknown as { __owned?: unknown }).__owned !== undefined, missing };
  }, texts);
  if (seen.owned) throw new Error(`${page.url()}: a hostile text ran as code`);
  if (seen.missing.length > 0) throw new Error(`${page.url()}: not shown as typed: ${JSON.stringify(seen.missing)}`);
}
