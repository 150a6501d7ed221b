/**
 * Replaces the signing key of a conference's badges. Badges signed so far stay good; doors hear of the new key ten
 * minutes (or `--lead-seconds`) before it signs for the first time. The running service publishes what this writes.
 *
 *     DATABASE_URL=… BADGE_KEY=… node dist/apps/badge/src/keys/rotate.cli.js <slug> [--lead-seconds 600]
 */
import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { Database, rows } from '@plenary/messaging';
import { DataSource } from 'typeorm';
import { Keys, rotationLeadSeconds } from './keys.service';
import { Sealing } from './sealing';

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'lead-seconds': { type: 'string', default: String(rotationLeadSeconds) } },
  });
  const [slug] = positionals;
  const lead = Number(values['lead-seconds']);
  if (!slug || !Number.isInteger(lead) || lead < 0) throw new Error('Usage: rotate.cli <slug> [--lead-seconds 600]');
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is missing: the connection of the badge service’s own role.');

  const source = await new DataSource({ type: 'postgres', url, extra: { max: 2 } }).initialize();
  try {
    const database = new Database(source);
    const keys = new Keys(database, Sealing.fromEnvironment());
    const { keyId, from } = await database.transaction(async (tx) => {
      const [conference] = await rows<{ conference_id: string }>(
        tx,
        'SELECT conference_id FROM known_conferences WHERE slug = $1',
        [slug],
      );
      if (!conference) throw new Error(`No conference ${slug} is known to the badge service.`);
      return keys.rotate(tx, conference.conference_id, lead);
    });
    console.log(`Key ${keyId} signs the badges of ${slug} from ${from.toISOString()} on.`);
  } finally {
    await source.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
