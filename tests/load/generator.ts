import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type Answer, Connection } from './connection';
import type { InsertJob, Job, LoadJob, LoadResult, Request } from './load';

/**
 * The load generator: a process of its own, so that its CPU is told apart from the system's. Takes jobs from its parent
 * one at a time, and ends with it.
 */
const ANSWER_WITHIN_MS = 60_000;

process.on('message', (job: Job) => {
  const done = job.kind === 'load' ? load(job) : inserts(job);
  done.then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit());
// The parent decides when to end; Ctrl-C reaches the whole group.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/**
 * Closed model (no rate): each connection sends its next request when it has its answer. Open model: request n is due
 * at an instant fixed beforehand and waits for a free connection if it must; its latency counts from that instant, not
 * from when it was sent, so that a system which stalls cannot hide how long people waited.
 */
async function load(job: LoadJob): Promise<LoadResult> {
  const { hostname, port } = new URL(job.origin);
  const count = job.requests.length;
  const result: LoadResult = {
    startedAt: 0,
    endedAt: 0,
    dueAt: new Float64Array(count),
    latency: new Float64Array(count),
    status: new Uint16Array(count),
    kept: new Array(count),
    late: 0,
    failures: [],
  };
  const connections = Array.from(
    { length: job.connections },
    () => new Connection(hostname, Number(port), ANSWER_WITHIN_MS),
  );
  await Promise.all(connections.map((one) => one.open()));
  const due = job.rate ? schedule(count, job.rate, job.arrivals ?? 'constant') : undefined;
  const began = performance.now();
  const clock = Date.now();
  let next = 0;

  const perform = async (connection: Connection, index: number) => {
    const request = job.requests[index] as Request;
    const now = performance.now() - began;
    const intended = due ? (due[index] as number) : now;
    if (now - intended > 10) result.late++;
    let answer: Answer;
    try {
      answer = await connection.send(headOf(request), request.body);
    } catch (error) {
      answer = { status: 0, body: Buffer.from(String(error)) };
    }
    result.dueAt[index] = clock + intended;
    result.latency[index] = performance.now() - began - intended;
    result.status[index] = answer.status;
    if (answer.status < 200 || answer.status > 299) {
      if (result.failures.length < 5) result.failures.push(`${answer.status} ${answer.body.toString().slice(0, 300)}`);
    } else if (job.keep) {
      const body = JSON.parse(answer.body.toString());
      result.kept[index] = Object.fromEntries(job.keep.map((name) => [name, body[name]]));
    }
  };
  await Promise.all(
    connections.map(async (connection) => {
      while (next < count) {
        const index = next++;
        // With a schedule, whoever is free takes the next request and waits until it is due.
        if (due) await until(began + (due[index] as number));
        await perform(connection, index);
      }
    }),
  );
  result.startedAt = clock;
  result.endedAt = clock + performance.now() - began;
  for (const connection of connections) connection.close();
  return result;
}

/** When each request is due, ms after the start. Poisson: independent arrivals, as people come. */
function schedule(count: number, perSecond: number, arrivals: 'constant' | 'poisson'): Float64Array {
  const due = new Float64Array(count);
  const gap = 1_000 / perSecond;
  for (let index = 1; index < count; index++) {
    due[index] = (due[index - 1] as number) + (arrivals === 'constant' ? gap : -Math.log(1 - Math.random()) * gap);
  }
  return due;
}

async function until(instant: number): Promise<void> {
  for (let left = instant - performance.now(); left > 0; left = instant - performance.now())
    await pause(Math.max(1, left));
}

function headOf({ method, path, token, headers, body }: Request): string {
  const lines = [`${method} /api/v1${path} HTTP/1.1`];
  if (body) lines.push('content-type: application/json');
  if (token) lines.push(`authorization: Bearer ${token}`);
  for (const [name, value] of Object.entries(headers ?? {})) lines.push(`${name}: ${value}`);
  return lines.join('\r\n');
}

/** How many durable rows a second the same server takes, one row and one commit at a time per connection. */
async function inserts(job: InsertJob): Promise<{ rows: number; seconds: number }> {
  const clients = await Promise.all(
    Array.from({ length: job.connections }, async () => {
      const client = new Client({ connectionString: job.databaseUrl, application_name: 'bench-baseline' });
      await client.connect();
      await client.query('SET synchronous_commit = on');
      return client;
    }),
  );
  const began = performance.now();
  const ends = began + job.seconds * 1_000;
  let rows = 0;
  try {
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < ends) {
          await client.query({ name: 'insert', text: job.statement, values: job.values });
          rows++;
        }
      }),
    );
    return { rows, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
