import { services } from '@plenary/contracts';
import { groupLag } from '@plenary/messaging';
import { Client } from 'pg';
import { foreignPlaces } from '../foreign-messages';
import { readHistory } from './history';
import { checkInvariants, type Finding } from './invariants';

/** Reads schemas and topics of a system at rest and checks all eight invariants of ARCHITECTURE.md. */
export async function verifyAt(where: {
  databaseUrl: string;
  brokers: string[];
  stateDir?: string;
}): Promise<Finding[]> {
  const history = await readHistory(where.brokers, where.stateDir ? foreignPlaces(where.stateDir) : new Set());
  const behind = await Promise.all(
    services.map(async (service) => ({ service, lag: (await groupLag({ brokers: where.brokers, service })).total })),
  );
  const database = new Client({ connectionString: where.databaseUrl });
  await database.connect();
  try {
    const findings = await checkInvariants(database, history);
    const last = findings.at(-1) as Finding;
    last.checked += behind.length;
    last.violations.push(
      ...behind.filter(({ lag }) => lag > 0).map(({ service, lag }) => `${service} is ${lag} behind`),
    );
    return findings;
  } finally {
    await database.end();
  }
}
