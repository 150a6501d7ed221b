import { createConnection, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/**
 * One keep-alive connection that carries one request at a time, as little work as HTTP/1.1 allows: what the generator
 * does not need of the machine, the system under test gets. Understands answers with a length, chunked, or without a body.
 */
export class Connection {
  private socket: Socket | undefined;
  private received: Buffer = Buffer.alloc(0);
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly timeoutMs: number,
  ) {}

  async open(): Promise<void> {
    const socket = createConnection({ host: this.host, port: this.port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    socket.removeAllListeners('error');
    socket.setTimeout(this.timeoutMs, () => socket.destroy(new Error(`no answer within ${this.timeoutMs} ms`)));
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
    this.socket = socket;
  }

  /** `head` is the request line and headers without the last empty line, `Host` and `Content-Length` left out. */
  async send(head: string, body = ''): Promise<Answer> {
    if (!this.socket) await this.open();
    const length = body ? `content-length: ${Buffer.byteLength(body)}\r\n` : '';
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket?.write(`${head}\r\nhost: ${this.host}:${this.port}\r\n${length}\r\n${body}`);
    });
  }

  close(): void {
    this.socket?.removeAllListeners('close').destroy();
    this.socket = undefined;
  }

  private fail(error: Error): void {
    this.socket = undefined;
    this.received = Buffer.alloc(0);
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length > 0 ? Buffer.concat([this.received, chunk]) : chunk;
    const answer = parse(this.received);
    if (!answer) return;
    this.received = Buffer.alloc(0);
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve(answer);
  }
}

/** A whole answer, or undefined while some of it is missing. */
export function parse(data: Buffer): Answer | undefined {
  const end = data.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = data.toString('latin1', 0, end).toLowerCase();
  const status = Number(head.slice(9, 12));
  const start = end + 4;
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const stop = start + Number(length);
    return data.length < stop ? undefined : { status, body: data.subarray(start, stop) };
  }
  if (!/\r\ntransfer-encoding: *chunked/.test(head)) return { status, body: Buffer.alloc(0) };
  const parts: Buffer[] = [];
  for (let at = start; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(data.toString('latin1', at, line), 16);
    const next = line + 2 + size + 2;
    if (data.length < next) return undefined;
    if (size === 0) return { status, body: Buffer.concat(parts) };
    parts.push(data.subarray(line + 2, line + 2 + size));
    at = next;
  }
}
