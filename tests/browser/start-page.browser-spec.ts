import { axe, combinations, keyboardStops, openPage, reflows, shot, targets } from './browser';

describe('the start page', () => {
  const looks = combinations({ viewport: ['phone', 'desk'], locale: ['en', 'zh-CN'], scheme: ['light', 'dark'] });

  it.each(looks)('is for everybody: $viewport, $locale, $scheme', async (look) => {
    const page = await openPage({ ...look, path: '/' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    await axe(page, 'start page');
    await targets(page, 24);
    await reflows(page);
    const stops = await keyboardStops(page);
    expect(stops.map((stop) => stop.role)).toContain('link');
    await shot(page, `start ${look.viewport} ${look.locale} ${look.scheme}`, { fullPage: true });
  });
});
