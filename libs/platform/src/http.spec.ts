import type { AddressInfo } from 'node:net';
import { createHttpAdapter } from './http';

describe('a process that stops', () => {
  it('answers what still arrives, and asks for the connection to be closed', async () => {
    const fastify = createHttpAdapter().getInstance();
    fastify.get('/', () => 'served');
    const answers: unknown[] = [];
    // Closing has begun, the open connections are not closed yet.
    fastify.addHook('preClose', async () => {
      const answer = await fetch(`http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}/`);
      answers.push(answer.status, answer.headers.get('connection'), await answer.text());
    });
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    await fastify.close();
    expect(answers).toEqual([200, 'close', 'served']);
  });
});
