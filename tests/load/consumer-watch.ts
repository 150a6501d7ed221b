import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName } from '@plenary/contracts';
import { stack } from '@plenary/testing';
import { Client } from 'pg';
import { percentile } from './load';

const everyMs = 3;

/**
 * Watches with one connection, every few milliseconds, how far each service has come in each partition. The row in
 * `consumer_offsets` moves on in the transaction that does an event's work, so the first sight of a row beyond an event is
 * when others can read what came of it; late by no more than the gap between two looks.
 */
export class ConsumerWatch {
  private readonly seen = new Map<string, { at: number; offset: number }[]>();
  private readonly heard = new Set<string>();
  private readonly gaps: number[] = [];
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(
    private readonly database: Client,
    private readonly services: readonly ServiceName[],
  ) {}

  static async start(services: readonly ServiceName[]): Promise<ConsumerWatch> {
    const database = new Client({ connectionString: stack().databaseUrl, application_name: 'bench-watch' });
    await database.connect();
    const watch = new ConsumerWatch(database, services);
    const keys = await watch.keys();
    for (const key of keys) watch.heard.add(key.slice(0, key.lastIndexOf('/')));
    watch.running = watch.look(keys);
    // Whoever stops the watch hears of a failure; until then it is not unhandled.
    watch.running.catch(() => {});
    return watch;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running.finally(() => this.database.end());
  }

  /** 99 % of all looks were no further apart, ms. */
  get resolution(): number {
    return percentile(this.gaps, 0.99);
  }

  /** Whether the service hears the topic at all. */
  hears(service: ServiceName, topic: string): boolean {
    return this.heard.has(`${service} ${topic}`);
  }

  /** ms since the epoch; undefined when the service had not come that far, or was beyond it at the first look. */
  heardAt(service: ServiceName, topic: string, partition: number, offset: string): number | undefined {
    const seen = this.seen.get(`${service} ${topic}/${partition}`) ?? [];
    let [low, high] = [0, seen.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((seen[middle] as { offset: number }).offset > Number(offset)) high = middle;
      else low = middle + 1;
    }
    return low === 0 ? undefined : seen[low]?.at;
  }

  private union(columns: string): string {
    return this.services
      .map(
        (service) => `SELECT '${service}' AS service, ${columns} FROM ${service.replaceAll('-', '_')}.consumer_offsets`,
      )
      .join(' UNION ALL ');
  }

  private async keys(): Promise<string[]> {
    const { rows } = await this.database.query(
      `SELECT service || ' ' || topic || '/' || partition AS key FROM (${this.union('topic, partition')}) AS every
       ORDER BY service, topic, partition`,
    );
    return rows.map(({ key }) => key);
  }

  private async look(keys: string[]): Promise<void> {
    const text = `SELECT string_agg(next_offset::text, ' ' ORDER BY service, topic, partition) AS offsets
                  FROM (${this.union('topic, partition, next_offset')}) AS every`;
    let before = '';
    let last = Date.now();
    while (!this.stopped) {
      const { offsets } = (await this.database.query({ name: 'look', text })).rows[0];
      const at = Date.now();
      this.gaps.push(at - last);
      last = at;
      if (offsets !== before) this.note(keys, offsets.split(' ').map(Number), at);
      before = offsets;
      await pause(everyMs);
    }
  }

  private note(keys: string[], offsets: number[], at: number): void {
    if (offsets.length !== keys.length) throw new Error('a consumer has taken up another partition meanwhile');
    for (const [index, key] of keys.entries()) {
      const seen = this.seen.get(key) ?? [];
      const offset = offsets[index] as number;
      if (seen.at(-1)?.offset !== offset) seen.push({ at, offset });
      this.seen.set(key, seen);
    }
  }
}
