import 'reflect-metadata';
import { withOwnDatabase } from '../own-database';
import { Secrets } from '../secrets';
import { SigningKeys } from './signing-keys';

/** Makes the next signing key: published at once, in use ten minutes later. Needs DATABASE_URL and IDENTITY_KEY. */
async function main(): Promise<void> {
  const next = await withOwnDatabase((database) => new SigningKeys(database, new Secrets()).rotate());
  process.stdout.write(`Key ${next.kid} is published and signs from ${next.signsFrom.toISOString()} on.\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`rotate-keys: ${error.message}\n`);
  process.exitCode = 1;
});
