/** What the page answers about the element that has focus. */
export interface Seen {
  /** Its number among the stops so far, and whether it has been one before. */
  readonly index: number;
  readonly again: boolean;
  readonly what: string;
  readonly box: { x: number; y: number; width: number; height: number };
  readonly ring: boolean;
  readonly outside: boolean;
  readonly coveredBy: string | undefined;
}

declare global {
  interface Window {
    __focus: {
      focused(): Element | null;
      look(): Promise<Seen | undefined>;
      looksAsFocused(index: number): Promise<boolean>;
      neverReached(): string[];
    };
  }
}

/** Runs in the page, whole: it may use nothing from outside itself. Leaves `window.__focus` for `keyboardStops`. */
export function focusInPage(): void {
  const stops: { element: Element; rings: string[] }[] = [];
  /** How long styles and scrolling may take to arrive. */
  const patienceMs = 1_000;

  const named = (element: Element) => {
    const mark = element.id ? `#${element.id}` : [...element.classList].map((name) => `.${name}`).join('');
    return `<${element.tagName.toLowerCase()}${mark.slice(0, 60)}>`;
  };
  const labelsOf = (element: Element) => [...((element as HTMLInputElement).labels ?? [])];

  const focused = () => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element === document.body || element === document.documentElement ? null : element;
  };

  /** A ring may be drawn by the element, by what stands for it (label, neighbour, parent), or by a pseudo-element. */
  const ringsOf = (element: Element) => {
    const bearers = [element, ...labelsOf(element), element.parentElement, element.nextElementSibling];
    return bearers.flatMap((bearer) => {
      if (!bearer) return [];
      return [null, '::before', '::after'].map((pseudo) => {
        const style = getComputedStyle(bearer, pseudo);
        if (pseudo && style.content === 'none') return '';
        const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
        const outline = outlined ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : '';
        return outline + (style.boxShadow === 'none' ? '' : style.boxShadow);
      });
    });
  };

  const within = async (condition: () => boolean) => {
    const end = performance.now() + patienceMs;
    while (!condition() && performance.now() < end) await new Promise((drawn) => requestAnimationFrame(drawn));
    return condition();
  };

  /** Its largest piece: a link may run over two lines, and its middle then belongs to neither. */
  const boxOf = (element: Element) => {
    const pieces = [...element.getClientRects()].sort(
      (one, other) => other.width * other.height - one.width * one.height,
    );
    const { x, y, width, height } = pieces[0] ?? element.getBoundingClientRect();
    return { x, y, width, height };
  };
  const size = () => ({ width: document.documentElement.clientWidth, height: window.innerHeight });
  const outside = (element: Element) => {
    const box = boxOf(element);
    const { width, height } = size();
    const out = (start: number, length: number, room: number) =>
      length > room ? start > room - 1 || start + length < 1 : start < -1 || start + length > room + 1;
    return out(box.x, box.width, width) || out(box.y, box.height, height);
  };
  const coveredBy = (element: Element) => {
    const box = boxOf(element);
    const { width, height } = size();
    const middle = (start: number, length: number, room: number) =>
      (Math.max(0, start) + Math.min(room, start + length)) / 2;
    const hit = document.elementFromPoint(middle(box.x, box.width, width), middle(box.y, box.height, height));
    const standsFor = (candidate: Element) =>
      element.contains(candidate) ||
      labelsOf(element).some((label) => label.contains(candidate)) ||
      candidate.shadowRoot?.contains(element) === true;
    return hit && !standsFor(hit) ? named(hit) : undefined;
  };

  const look = async (): Promise<Seen | undefined> => {
    const element = focused();
    if (!element) return undefined;
    const known = stops.findIndex((stop) => stop.element === element);
    if (known < 0) {
      const seen = () => ringsOf(element).some((ring) => ring !== '');
      await within(() => seen() && !outside(element) && !coveredBy(element));
      stops.push({ element, rings: ringsOf(element) });
    }
    return {
      index: known < 0 ? stops.length - 1 : known,
      again: known >= 0,
      what: named(element),
      box: boxOf(element),
      ring: ringsOf(element).some((ring) => ring !== ''),
      outside: outside(element),
      coveredBy: coveredBy(element),
    };
  };

  /** Whether each ring of a stop that focus has left is still there: then they say nothing about focus. */
  const looksAsFocused = async (index: number) => {
    const stop = stops[index];
    if (!stop || stop.element === focused() || stop.rings.every((ring) => ring === '')) return false;
    const oneHasGone = () => {
      const now = ringsOf(stop.element);
      return stop.rings.some((ring, bearer) => ring !== '' && ring !== now[bearer]);
    };
    return !(await within(() => !stop.element.isConnected || oneHasGone()));
  };

  const neverReached = () => {
    const dialogs = [...document.querySelectorAll('dialog:modal, [role=dialog][aria-modal=true]')];
    const part = dialogs.at(-1) ?? document;
    const tabbable = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
    return [...part.querySelectorAll<HTMLElement>(tabbable)]
      .filter(
        (element) =>
          element.tabIndex >= 0 &&
          !element.matches(':disabled, [type=radio]') &&
          !element.closest('[inert], [aria-hidden=true]') &&
          element.checkVisibility({ visibilityProperty: true }) &&
          !stops.some((stop) => stop.element === element),
      )
      .slice(0, 5)
      .map((element) => `${named(element)} "${(element.textContent ?? '').trim().slice(0, 40)}"`);
  };

  window.__focus = { focused, look, looksAsFocused, neverReached };
}
