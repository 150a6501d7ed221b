/** Deeper nesting is no programme. */
const deepest = 64;

/** The text is not JSON; `line` is where reading stopped, from 1. */
export class NotJson extends Error {
  constructor(
    readonly line: number,
    cause: string,
  ) {
    super(cause);
  }
}

/**
 * JSON, and the line on which each of its objects begins, so that a fault in one can be named by its line: `JSON.parse`
 * tells neither, and where the text is broken often no line at all.
 */
export function parseWithLines(text: string): { value: unknown; lineOf: (part: object) => number | null } {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return { value, lineOf: (part) => reader.lines.get(part) ?? null };
}

class Reader {
  readonly lines = new WeakMap<object, number>();
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  value(depth: number): unknown {
    if (depth > deepest) this.fail(`nested deeper than ${deepest} levels`);
    const first = this.next();
    if (first === '{') return this.object(depth);
    if (first === '[') return this.array(depth);
    return first === '"' ? this.string() : this.literal();
  }

  end(): void {
    if (this.next() !== undefined) this.fail('something follows the end');
  }

  private object(depth: number): object {
    const members = new Map<string, unknown>();
    const line = this.line;
    this.each('}', () => {
      if (this.next() !== '"') this.fail('expected a member name in double quotes');
      const name = this.string();
      if (this.next() !== ':') this.fail(`expected ":" after "${name.slice(0, 40)}"`);
      this.at += 1;
      members.set(name, this.value(depth + 1));
    });
    // Not by assignment: a member called __proto__ stays a member.
    const value = Object.fromEntries(members);
    this.lines.set(value, line);
    return value;
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.each(']', () => items.push(this.value(depth + 1)));
    return items;
  }

  /** From an opening bracket to its closing one, commas between. */
  private each(close: string, one: () => void): void {
    this.at += 1;
    if (this.next() !== close) {
      for (;;) {
        one();
        const after = this.next();
        if (after === close) break;
        if (after !== ',') this.fail(`expected "," or "${close}"`);
        this.at += 1;
      }
    }
    this.at += 1;
  }

  private string(): string {
    let end = this.at;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.fail('a text has no end');
    } while (this.isEscaped(end));
    return this.primitive(end + 1) as string;
  }

  /** An odd number of backslashes stands before it. */
  private isEscaped(quote: number): boolean {
    let backslashes = 0;
    while (this.text[quote - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  private literal(): unknown {
    let end = this.at;
    while (end < this.text.length && !/[\s,:[\]{}"]/.test(this.text[end] as string)) end += 1;
    if (end === this.at)
      this.fail(this.at < this.text.length ? `unexpected "${this.text[end]}"` : 'the text ends early');
    return this.primitive(end);
  }

  private primitive(end: number): unknown {
    const token = this.text.slice(this.at, end);
    try {
      const value: unknown = JSON.parse(token);
      this.at = end;
      return value;
    } catch {
      return this.fail(`unexpected ${token.slice(0, 40)}`);
    }
  }

  /** The next character that is not white space; counts lines on the way. */
  private next(): string | undefined {
    for (;;) {
      const character = this.text[this.at];
      if (character === '\n') this.line += 1;
      else if (character !== ' ' && character !== '\t' && character !== '\r') return character;
      this.at += 1;
    }
  }

  private fail(cause: string): never {
    throw new NotJson(this.line, cause);
  }
}
