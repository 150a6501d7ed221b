import { type ServiceName, services } from '@plenary/contracts';
import { migrate, passwordVariableOf } from './migrate';

/** `npm run migrate`: DATABASE_URL names the administrator's connection, `<SERVICE>_DB_PASSWORD` each role's password. */
async function main(): Promise<void> {
  const adminUrl = process.env.DATABASE_URL;
  const missing = services.map(passwordVariableOf).filter((name) => !process.env[name]);
  if (!adminUrl) throw new Error('DATABASE_URL is not set: it names the connection that may create roles and schemas.');
  if (missing.length > 0) throw new Error(`No password for: ${missing.join(', ')}.`);
  const passwords = Object.fromEntries(services.map((service) => [service, process.env[passwordVariableOf(service)]]));
  await migrate({
    adminUrl,
    passwords: passwords as Record<ServiceName, string>,
    log: (line) => process.stdout.write(`migrate: ${line}\n`),
  });
}

main().catch((error: Error) => {
  process.stderr.write(`migrate: ${error.message}\n`);
  process.exitCode = 1;
});
