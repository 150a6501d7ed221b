import { once } from 'node:events';
import type { EventStream } from './answer';
import { encodeStream } from './event-stream';
import { streamSignal } from './stream-signal';

async function read(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk.toString();
  return text;
}

/** Yields `first`, then waits for its client to go; tells whether it was ended. */
function lasting(first: unknown) {
  const state = { ended: false };
  async function* source(): EventStream {
    try {
      yield { data: first };
      const signal = streamSignal.getStore() as AbortSignal;
      if (!signal.aborted) await once(signal, 'abort');
    } finally {
      state.ended = true;
    }
  }
  return { state, source: source() };
}

const never = new AbortController().signal;

describe('event streams', () => {
  it('encode ids and data, and end with their source', async () => {
    async function* source(): EventStream {
      yield { id: '1', data: { text: 'two\nlines' } };
      yield { data: [1] };
    }
    expect(await read(encodeStream(source(), never))).toBe(
      'retry: 2000\n\nid: 1\ndata: {"text":"two\\nlines"}\n\ndata: [1]\n\n',
    );
  });

  it('end their source when the client goes', async () => {
    const { state, source } = lasting({ n: 1 });
    const stream = encodeStream(source, never);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    await new Promise(setImmediate);
    expect(state.ended).toBe(true);
  });

  it('end when the process stops', async () => {
    const stopping = new AbortController();
    const { state, source } = lasting({ n: 1 });
    const reading = read(encodeStream(source, stopping.signal));
    await new Promise(setImmediate);
    stopping.abort();
    expect(await reading).toContain('data: {"n":1}');
    expect(state.ended).toBe(true);
  });

  it('wait for a slow client instead of piling up, and drop one that reads nothing of a flood', async () => {
    let yielded = 0;
    async function* source(): EventStream {
      for (;;) {
        yielded++;
        yield { data: 'x'.repeat(8 * 1024) };
      }
    }
    const slow = encodeStream(source(), never);
    await new Promise((resume) => setTimeout(resume, 50));
    expect(yielded).toBeLessThan(10);
    slow.destroy();

    const flooded = encodeStream(
      (async function* (): EventStream {
        yield { data: 'x'.repeat(300 * 1024) };
      })(),
      never,
    );
    await once(flooded, 'close');
    expect(flooded.destroyed).toBe(true);
  });

  it('cut the connection when the source fails', async () => {
    async function* source(): EventStream {
      yield { data: 1 };
      throw new Error('lost the database');
    }
    await expect(read(encodeStream(source(), never))).rejects.toThrow('lost the database');
  });
});
