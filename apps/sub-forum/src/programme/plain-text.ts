/** Longer ones are cut before they are read: no text of a programme needs it, and work stays linear. */
const longest = 20_000;

const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  copy: '©',
  reg: '®',
  trade: '™',
  euro: '€',
  times: '×',
  shy: '',
};

/** Character references of XML and the common ones of HTML; others stay as they are. Never expands anything else. */
export function decodeReferences(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name] ?? named[name.toLowerCase()] ?? whole;
    return character(hex ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10));
  });
}

/** HTML as running text: paragraphs and list items become lines, everything else of the markup goes. */
export function textOfHtml(html: string): string {
  const lines = html
    .slice(0, longest)
    .replace(/<(script|style)\b[^<>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, ' ')
    .replace(/\s*<li\b[^<>]*>\s*/gi, '\n- ')
    .replace(/<\/?(?:p|div|ul|ol|br|h[1-6]|tr|table|blockquote|pre|section|article|dl|dt|dd|hr)\b[^<>]*>/gi, '\n')
    .replace(/<\/?[a-z][^<>]*>/gi, '');
  return tidy(decodeReferences(lines));
}

/** Running text without control characters; at most one empty line in a row. */
export function tidy(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
      .split('\n')
      .map((line) => line.replace(/[ \t\u00a0]+/g, ' ').trim())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

/** One line of text. */
export function oneLine(text: string): string {
  return tidy(text).replace(/\s+/g, ' ');
}

/** At most `max` UTF-16 units, cut at a word where one is near. */
export function shortened(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max - 1).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return `${(space > max * 0.8 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

function character(code: number): string {
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
}
