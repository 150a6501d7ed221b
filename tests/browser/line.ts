import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { allowProblems } from './guards';

/**
 * The line between a page and the system: an HTTP proxy that a test can cut. Chromium's own "offline" refuses new calls
 * but leaves what is being received alone; a live stream ends only if somebody ends it.
 */
export class Line {
  private readonly flowing = new Map<IncomingMessage, ServerResponse>();
  private state: 'whole' | 'frozen' | 'cut' = 'whole';
  private waiting: (() => void)[] = [];

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Line> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const line = new Line(server);
    server.on('request', (incoming, answer) => line.carry(incoming, answer));
    // Nothing here is encrypted: only another origin would ask for a tunnel.
    server.on('connect', (_, socket) => socket.destroy());
    return line;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything that flows breaks off, and whatever is asked breaks off too. */
  cut(): void {
    this.state = 'cut';
    for (const answer of this.flowing.values()) answer.destroy();
    this.resume();
  }

  /** Connections stand, and nothing comes: what a page sees first when it walks out of a network. */
  freeze(): void {
    this.state = 'frozen';
    for (const [from, answer] of this.flowing) from.unpipe(answer);
  }

  /** What was frozen comes now; what was cut is to be asked again. */
  mend(): void {
    this.state = 'whole';
    for (const [from, answer] of this.flowing) from.pipe(answer);
    this.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private resume(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  private async carry(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (this.state === 'frozen') await new Promise<void>((go) => this.waiting.push(go));
    if (this.state === 'cut') return void answer.destroy();
    const { 'proxy-connection': _, ...headers } = incoming.headers;
    const onward = ask(incoming.url ?? '', { method: incoming.method, headers }, (from) => {
      if (this.state === 'cut') return void answer.destroy();
      this.flowing.set(from, answer);
      answer.writeHead(from.statusCode ?? 502, from.rawHeaders);
      answer.flushHeaders();
      if (this.state === 'whole') from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    answer.on('close', () => {
      for (const [from, its] of this.flowing) if (its === answer) this.flowing.delete(from);
      onward.destroy();
    });
    incoming.pipe(onward);
  }
}

const lines = new WeakMap<Page, Line>();

/** The page goes through this line from now on: `openPage({ line: true })` has laid it. */
export function laid(page: Page, line: Line): void {
  lines.set(page, line);
}

/** The line of a page opened with `line: true`, to cut, freeze and mend. What the browser says of it is allowed. */
export function lineOf(page: Page): Line {
  const line = lines.get(page);
  if (!line) throw new Error('Open the page with { line: true } to cut its line');
  allowProblems(page, /net::ERR_/);
  return line;
}

/** As `lineOf`, of a page that may have none. */
export function lineIfAny(page: Page): Line | undefined {
  return lines.get(page);
}
