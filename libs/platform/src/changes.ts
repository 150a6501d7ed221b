import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { afterCommit, type Database, type Tx } from '@plenary/messaging';
import { Client } from 'pg';
import { streamSignal } from './stream-signal';

/** Waiters look again this often even if nobody tells them anything. */
const POLL_MS = 250;
/** Streams look again this often while other replicas are heard, and as waiters do while they are not. */
const SAFETY_MS = 5000;
/** Announcements are gathered for this long before they go out as one. */
const GATHER_MS = 5;
/** Postgres takes 8,000 bytes in a NOTIFY. */
const PAYLOAD = 7500;
const EVERYTHING = '*';

/**
 * What changed in this schema, on whichever replica. A commit wakes waiters of this process at once and those of others
 * by one gathered NOTIFY, sent outside business transactions.
 */
export class Changes {
  private readonly instance = randomUUID().slice(0, 8);
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly touched = new WeakMap<Tx, Set<string>>();
  private pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private listener: Client | undefined;
  private hearing = false;
  private stopped = false;
  private channel: Promise<string> | undefined;

  constructor(private readonly database: Database) {}

  /** Announces after the commit of `tx` that `key` (an id, or `conference/<id>`) changed. */
  touch(tx: Tx, key: string): void {
    const known = this.touched.get(tx);
    if (known) {
      known.add(key);
      return;
    }
    const keys = new Set([key]);
    this.touched.set(tx, keys);
    afterCommit(tx, () => {
      this.touched.delete(tx);
      this.announce(keys);
    });
  }

  /** Runs `check` now and after each change of `key` (or poll) until it answers something, at most `ms`; else undefined. */
  async waitFor<T>(key: string, ms: number, check: () => Promise<T | undefined>): Promise<T | undefined> {
    const until = Date.now() + ms;
    const wakes = new Wakes(this.emitter, key);
    try {
      for (;;) {
        wakes.clear();
        const found = await check();
        const left = until - Date.now();
        if (found !== undefined || left <= 0 || this.stopped) return found;
        await wakes.next(Math.min(POLL_MS, left));
      }
    } finally {
      wakes.end();
    }
  }

  /**
   * Yields at once, then after each change of `key`, coalesced; ends when `signal` aborts. Inside an event stream the
   * signal of its client is taken when none is given.
   */
  async *watch(key: string, signal = streamSignal.getStore()): AsyncIterable<void> {
    const wakes = new Wakes(this.emitter, key);
    const wake = () => wakes.wake();
    signal?.addEventListener('abort', wake);
    try {
      while (!signal?.aborted && !this.stopped) {
        wakes.clear();
        yield;
        if (signal?.aborted || this.stopped) return;
        await wakes.next(this.hearing ? SAFETY_MS : POLL_MS);
      }
    } finally {
      signal?.removeEventListener('abort', wake);
      wakes.end();
    }
  }

  /** Starts to hear other replicas; keeps trying while the database is away. */
  start(): void {
    void this.listen();
  }

  /** The process is stopping: who waits gets what there is, streams end. Changes are still told to other replicas. */
  release(): void {
    this.stopped = true;
    this.hearing = false;
    this.emitter.emit(EVERYTHING);
  }

  async stop(): Promise<void> {
    this.release();
    if (this.timer) {
      clearTimeout(this.timer);
      await this.flush();
    }
    await this.listener?.end().catch(() => {});
  }

  private announce(keys: Iterable<string>): void {
    for (const key of keys) {
      this.emitter.emit(key);
      this.pending.add(key);
    }
    this.timer ??= setTimeout(() => void this.flush(), GATHER_MS);
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    const keys = [...this.pending];
    this.pending = new Set();
    const told = JSON.stringify([this.instance, ...keys]);
    const payload = Buffer.byteLength(told) <= PAYLOAD ? told : JSON.stringify([this.instance, EVERYTHING]);
    try {
      await this.database.query('SELECT pg_notify($1, $2)', [await this.channelName(), payload]);
    } catch {
      // The others find it by their poll.
    }
  }

  private channelName(): Promise<string> {
    this.channel ??= this.database
      .query<{ schema: string }>('SELECT current_schema() AS schema')
      .then(([row]) => `${row?.schema}_changes`)
      .catch((error: unknown) => {
        this.channel = undefined;
        throw error;
      });
    return this.channel;
  }

  private async listen(): Promise<void> {
    if (this.stopped) return;
    const options = this.database.source.options as { url?: string; extra?: { options?: string } };
    const client = new Client({
      connectionString: options.url,
      options: options.extra?.options,
      keepAlive: true,
      connectionTimeoutMillis: 3000,
    });
    let gone = false;
    const lost = () => {
      // A broken connection says so twice: by its error and by its end.
      if (gone) return;
      gone = true;
      this.hearing = false;
      client.end().catch(() => {});
      if (!this.stopped) setTimeout(() => void this.listen(), 1000).unref();
    };
    try {
      client.on('error', lost);
      client.on('end', lost);
      client.on('notification', ({ payload }) => this.heard(payload ?? '[]'));
      this.listener = client;
      await client.connect();
      await client.query(`LISTEN "${await this.channelName()}"`);
      if (this.stopped || gone) return;
      this.hearing = true;
      // What happened while nobody listened.
      this.emitter.emit(EVERYTHING);
    } catch {
      lost();
    }
  }

  private heard(payload: string): void {
    const [from, ...keys] = JSON.parse(payload) as string[];
    if (from === this.instance) return;
    for (const key of keys) this.emitter.emit(key);
  }
}

/** Wake-ups of one waiter: those that come while it is at work count once, afterwards. */
class Wakes {
  private woken = false;
  private resume: (() => void) | undefined;
  readonly wake = (): void => {
    this.woken = true;
    this.resume?.();
  };

  constructor(
    private readonly emitter: EventEmitter,
    private readonly key: string,
  ) {
    emitter.on(key, this.wake);
    emitter.on(EVERYTHING, this.wake);
  }

  clear(): void {
    this.woken = false;
  }

  next(ms: number): Promise<void> {
    if (this.woken) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.resume = undefined;
        resolve();
      }
      this.resume = done;
    });
  }

  end(): void {
    this.emitter.off(this.key, this.wake);
    this.emitter.off(EVERYTHING, this.wake);
  }
}
