import { PassThrough, type Readable } from 'node:stream';
import type { EventStream } from './answer';
import { streamSignal } from './stream-signal';

const HEARTBEAT_MS = 15_000;
/** A client that leaves this much unread is dropped; it comes back with `Last-Event-ID`. */
const UNREAD_BYTES = 256 * 1024;

/**
 * The bytes of an event stream: `retry`, one event per item, a comment every 15 s. The source is asked for the next item
 * only when the last one was taken, and is ended when the client goes or `stopping` aborts.
 */
export function encodeStream(source: EventStream, stopping: AbortSignal): Readable {
  const out = new PassThrough({ highWaterMark: 16 * 1024 });
  const gone = new AbortController();
  const signal = AbortSignal.any([gone.signal, stopping]);
  const heartbeat = setInterval(() => write(': \n\n'), HEARTBEAT_MS).unref();
  out.once('close', () => gone.abort());
  out.on('error', () => {});
  void streamSignal.run(signal, pump);
  return out;

  function write(text: string): void {
    if (out.destroyed || out.writableEnded) return;
    out.write(text);
    if (out.writableLength + out.readableLength > UNREAD_BYTES) out.destroy();
  }

  async function pump(): Promise<void> {
    write('retry: 2000\n\n');
    const iterator = source[Symbol.asyncIterator]();
    const ended = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    try {
      while (!signal.aborted) {
        const item = await Promise.race([iterator.next(), ended]);
        if (item === undefined || item.done) break;
        write(encode(item.value));
        if (out.writableNeedDrain) await Promise.race([drained(), ended]);
      }
      out.end();
    } catch (error) {
      // The status line has gone long ago: cut the connection, so that the client comes back.
      out.destroy(error as Error);
    } finally {
      clearInterval(heartbeat);
      // Not awaited: a generator that waits for something else ends when that wakes it.
      void iterator.return?.()?.catch(() => {});
    }
  }

  function drained(): Promise<undefined> {
    return new Promise((resolve) => out.once('drain', () => resolve(undefined)));
  }
}

/** The same snapshot goes to many clients: it is encoded once. */
const encoded = new WeakMap<object, string>();

function encode({ id, data }: { id?: string; data: unknown }): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${json(data)}\n\n`;
}

function json(data: unknown): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  let text = encoded.get(data);
  if (text === undefined) {
    text = JSON.stringify(data);
    encoded.set(data, text);
  }
  return text;
}
