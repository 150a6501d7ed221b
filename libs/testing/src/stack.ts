import { readFileSync } from 'node:fs';
import { Client, type ServiceName } from '@plenary/contracts';

/** The whole system that the global setup of the end-to-end tests has started. */
export interface TestStack {
  /** The public origin. */
  readonly url: string;
  /** A client that has not signed in. */
  readonly client: Client;
  /** Of each replica of each service, past the gateway. */
  readonly urls: Record<ServiceName, string[]>;
  /** Of a superuser, in the system's database. */
  readonly databaseUrl: string;
  readonly brokers: string[];
  readonly linkKey: string;
  /** Holds `logs/<service>.log` and the launcher's own records. */
  readonly stateDir: string;
}

let known: TestStack | undefined;

/** Where the system under test is: `TEST_STACK` names the file that the global setup wrote. */
export function stack(): TestStack {
  if (known) return known;
  const file = process.env.TEST_STACK;
  if (!file) throw new Error('No system to test: run through the jest project "e2e"');
  const written = JSON.parse(readFileSync(file, 'utf8'));
  known = {
    url: written.url,
    client: new Client(written.url),
    urls: written.urls,
    databaseUrl: written.databaseUrl,
    brokers: written.brokers.split(','),
    linkKey: written.secrets.linkKey,
    stateDir: written.stateDir,
  };
  return known;
}
