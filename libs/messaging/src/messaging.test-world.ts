import { randomBytes } from 'node:crypto';
import 'reflect-metadata';
import { Controller, type INestMicroservice, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { defineEvent, type ServiceName, type Topic, version } from '@plenary/contracts';
import { z } from 'zod';
import {
  createMessaging,
  type Database,
  type EventContext,
  ensureTopics,
  type Messaging,
  type MessagingLogger,
  publish,
  type Received,
  rows,
  type SnapshotSource,
} from './index';

/** Topics, events and a service of a test's own, so that any number of tests share one broker. */
export function testContract() {
  const topic: Topic = { name: `test.${randomBytes(5).toString('hex')}`, partitions: 3, owners: [] };
  const body = z.object({ version, thing: z.string(), text: z.string() });
  const common = {
    topic,
    body,
    key: ({ thing }: z.output<typeof body>) => thing,
    subject: ({ thing }: z.output<typeof body>) => thing,
  };
  return {
    topic,
    changed: defineEvent({ type: 'thing.changed.v1', ...common }),
    snapshot: defineEvent({ type: 'thing.snapshot.v1', ...common }),
    erased: defineEvent({ type: 'thing.erased.v1', ...common }),
  };
}
export type Contract = ReturnType<typeof testContract>;
export type Thing = Received<Contract['changed']>;

interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  readonly adminUrl: string;
  close(): Promise<void>;
}

export interface World {
  readonly contract: Contract;
  readonly brokers: string[];
  readonly db: TestDatabase;
  readonly database: Database;
  readonly service: ServiceName;
  messaging(options?: {
    service?: ServiceName;
    brokers?: string[];
    sources?: SnapshotSource[];
    onFatal?: (error: Error) => void;
  }): Messaging;
  /** A service with this controller, consuming; closed with the world. */
  consume(controller: Type, messaging?: Messaging): Promise<{ messaging: Messaging; close(): Promise<void> }>;
  /** One transaction that publishes one version of a thing. */
  tell(thing: string, version: number, text?: string): Promise<void>;
  close(): Promise<void>;
}

/** Takes what `@plenary/testing` gives: libraries import that one in their specs alone. */
export async function testWorld(db: TestDatabase, { brokers }: { brokers: string[] }): Promise<World> {
  const contract = testContract();
  await ensureTopics({ brokers, topics: [contract.topic, ...(await deadLetters())] });
  const service = `test-${randomBytes(5).toString('hex')}` as ServiceName;
  const open: (() => Promise<void>)[] = [];

  const world: World = {
    contract,
    brokers,
    db,
    database: db.database,
    service,
    messaging: (options = {}) => {
      const messaging = createMessaging(
        {
          service: options.service ?? service,
          brokers: options.brokers ?? brokers,
          databaseUrl: db.url,
          schema: 'attendance',
          // Tests close many consumers.
          fetchWaitMs: 300,
        },
        db.database,
        quiet,
        options.sources ?? [],
        options.onFatal ?? (() => {}),
      );
      open.push(() => messaging.close());
      return messaging;
    },
    consume: async (controller, messaging = world.messaging()) => {
      messaging.relay.start();
      const app = await microservice(controller, messaging);
      const close = async () => {
        await app.close();
        await messaging.close();
      };
      open.push(close);
      return { messaging, close };
    },
    tell: (thing, version, text = '') =>
      db.database.transaction((tx) => publish(tx, contract.changed, { version, thing, text })),
    close: async () => {
      for (const close of open.reverse()) await close();
      await db.close();
    },
  };
  return world;
}

/** What handlers of a test write: the proof of what was handled, in the handlers' own transaction. */
export async function keepSeen(world: World): Promise<{
  note(event: Thing, context: EventContext): Promise<void>;
  of(thing: string): Promise<string[]>;
  count(): Promise<number>;
}> {
  const { Client } = await import('pg');
  const admin = new Client({ connectionString: world.db.adminUrl });
  await admin.connect();
  await admin.query('CREATE TABLE attendance.seen (n bigserial, thing text, version int, text text)');
  await admin.query('GRANT ALL ON attendance.seen, attendance.seen_n_seq TO plenary_attendance');
  await admin.end();
  return {
    note: async ({ body }, { tx }) => {
      await rows(tx, 'INSERT INTO seen (thing, version, text) VALUES ($1, $2, $3)', [
        body.thing,
        body.version,
        body.text,
      ]);
    },
    of: async (thing) =>
      (
        await world.database.query<{ told: string }>(
          `SELECT version || text AS told FROM seen WHERE thing = $1 ORDER BY n`,
          [thing],
        )
      ).map((row) => row.told),
    count: async () => Number((await world.database.query('SELECT count(*) AS count FROM seen'))[0]?.count),
  };
}

const quiet: MessagingLogger = process.env.TEST_LOG
  ? (() => {
      const say = (fields: object, message: string) => console.log(message, fields);
      return { debug: process.env.TEST_LOG === 'debug' ? say : () => {}, info: say, warn: say, error: say };
    })()
  : { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

async function microservice(controller: Type, messaging: Messaging): Promise<INestMicroservice> {
  Controller()(controller);
  class TestModule {}
  Module({ controllers: [controller] })(TestModule);
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(TestModule, {
    strategy: messaging.strategy,
    logger: false,
  });
  await app.listen();
  return app;
}

async function deadLetters(): Promise<Topic[]> {
  const { topics } = await import('@plenary/contracts');
  return [topics.deadLetters];
}
