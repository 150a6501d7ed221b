import type { CDPSession, Page } from 'playwright-core';

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** One for the page's whole life: its end would undo what the browser emulates. */
function sessionOf(page: Page): Promise<CDPSession> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  return session;
}

/**
 * Throws if the page scrolls sideways at its present width, at 320 CSS pixels, or at 200 % zoom (half the viewport at
 * twice the pixels; WCAG asks for nothing below 320, so a phone is not halved). What may scroll by itself is a
 * `role=grid`, or marked with `data-scrolls-sideways`.
 */
export async function reflows(page: Page): Promise<void> {
  const size = page.viewportSize();
  if (!size) throw new Error('A page without a viewport cannot be measured');
  const session = await sessionOf(page);
  const before = await page.evaluate(() => ({ scale: devicePixelRatio, mobile: navigator.maxTouchPoints > 0 }));
  const emulate = (width: number, height: number, deviceScaleFactor: number) =>
    session.send('Emulation.setDeviceMetricsOverride', {
      ...{ width, height, screenWidth: width, screenHeight: height },
      deviceScaleFactor,
      mobile: before.mobile,
    });
  const views = [
    { what: `at ${size.width} px`, ...size, scale: before.scale },
    { what: 'at 320 px', width: 320, height: size.height, scale: before.scale },
    {
      what: 'at 200 % zoom',
      width: Math.max(320, Math.floor(size.width / 2)),
      height: Math.floor(size.height / 2),
      scale: before.scale * 2,
    },
  ];
  const problems: string[] = [];
  try {
    for (const view of views) {
      await emulate(view.width, view.height, view.scale);
      const found = await page.evaluate(sidewaysScroll, view.width);
      problems.push(...found.map((one) => `${view.what}: ${one}`));
    }
  } finally {
    await emulate(size.width, size.height, before.scale);
    // What stands differently at another width has been put back before anybody presses a key: two frames are drawn.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  if (problems.length > 0) throw new Error(`${page.url()} does not reflow\n- ${problems.join('\n- ')}`);
}

/** Runs in the page, laid out anew for `width`: what scrolls sideways, and who makes it. */
async function sidewaysScroll(width: number): Promise<string[]> {
  // A page that listens to its size lays itself out in the next frames.
  for (let frame = 0; frame < 3; frame += 1) await new Promise((drawn) => requestAnimationFrame(drawn));
  const named = (element: Element) => {
    const id = element.id
      ? `#${element.id}`
      : [...element.classList]
          .slice(0, 3)
          .map((name) => `.${name}`)
          .join('');
    return `<${element.tagName.toLowerCase()}${id}> "${(element.textContent ?? '').trim().slice(0, 40)}"`;
  };
  const mayScroll = (element: Element) =>
    element.closest('[data-scrolls-sideways], [role=grid]') !== null ||
    element.querySelector(':scope > [role=grid]') !== null;
  const scrolls = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const clipped = (element: Element) => getComputedStyle(element).overflowX !== 'visible';

  const problems: string[] = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > width) {
    const outside: string[] = [];
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.right + scrollX <= width + 0.5) continue;
      let parent = element.parentElement;
      while (parent && parent !== document.body && !clipped(parent)) parent = parent.parentElement;
      if (parent && parent !== document.body) continue;
      // Named is the innermost that sticks out: its parents are only as wide as it makes them.
      if ([...element.children].some((child) => child.getBoundingClientRect().right + scrollX > width + 0.5)) continue;
      outside.push(`${named(element)} ends at ${Math.round(box.right + scrollX)}`);
    }
    problems.push(
      `the page is ${scrollWidth} px wide: ${outside.slice(0, 8).join('; ') || 'nothing visible sticks out'}`,
    );
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (element.scrollWidth <= element.clientWidth + 1 || element.clientWidth === 0) continue;
    if (!scrolls(element) || mayScroll(element)) continue;
    problems.push(`${named(element)} scrolls sideways in itself (${element.scrollWidth} in ${element.clientWidth} px)`);
  }
  return problems;
}

/**
 * Throws if something to press is smaller than `minimum` CSS pixels in a direction (44 for delegates, 64 at the door, 24
 * elsewhere). Counted is what answers a press: a label with its field, an area widened by a pseudo-element. Links within
 * running text are exempt, as in WCAG 2.5.8, and so is what is disabled.
 */
export async function targets(page: Page, minimum: number): Promise<void> {
  const small = await page.evaluate(smallTargets, minimum);
  if (small.length === 0) return;
  throw new Error(`${page.url()}: targets under ${minimum} px\n- ${small.join('\n- ')}`);
}

function smallTargets(minimum: number): string[] {
  const roles = 'button link checkbox radio switch tab menuitem menuitemradio menuitemcheckbox option combobox slider';
  const interactive = `a[href], button, input:not([type=hidden]), select, textarea, summary, ${roles
    .split(' ')
    .map((role) => `[role=${role}]`)
    .join(', ')}`;
  const visible = (element: Element) =>
    element.checkVisibility({ opacityProperty: false, visibilityProperty: true }) &&
    !element.closest('[inert], [aria-hidden=true]');
  const inText = (element: Element) => {
    if (!element.matches('a[href], button, [role=link]') || getComputedStyle(element).display !== 'inline')
      return false;
    let block = element.parentElement;
    while (block && getComputedStyle(block).display === 'inline') block = block.parentElement;
    return (block?.textContent ?? '').trim().length > (element.textContent ?? '').trim().length;
  };
  const labels = (element: Element) => [...((element as HTMLInputElement).labels ?? [])];
  const small: string[] = [];
  const start = { x: scrollX, y: scrollY };
  for (const element of document.querySelectorAll(interactive)) {
    if (!visible(element) || element.matches(':disabled') || inText(element)) continue;
    const boxes = [element, ...labels(element)].filter(visible).map((one) => one.getBoundingClientRect());
    // Hidden but for screen readers, or parked outside the page until it has focus, like a skip link.
    if (
      boxes.every((box) => box.width <= 1 || box.height <= 1 || box.right + scrollX <= 0 || box.bottom + scrollY <= 0)
    )
      continue;
    // Half a pixel is what rounding takes.
    const fits = (width: number, height: number) => width >= minimum - 0.5 && height >= minimum - 0.5;
    if (boxes.some((box) => fits(box.width, box.height))) continue;
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = element.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const answers = (dx: number, dy: number) => {
      const hit = document.elementFromPoint(x + dx, y + dy);
      return hit !== null && (element.contains(hit) || labels(element).some((label) => label.contains(hit)));
    };
    const reach = minimum / 2 - 1;
    if (answers(-reach, 0) && answers(reach, 0) && answers(0, -reach) && answers(0, reach)) continue;
    const name = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    small.push(`<${element.tagName.toLowerCase()}> "${name}" is ${box.width.toFixed(1)} x ${box.height.toFixed(1)}`);
  }
  scrollTo(start.x, start.y);
  return small;
}
