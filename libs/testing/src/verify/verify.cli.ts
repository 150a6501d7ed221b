import { verifyAt } from './verify';

/**
 * `npm run verify`: checks the system that was started last here, or that of `DATABASE_URL` (an administrator's
 * connection: it reads every schema) and `KAFKA_BROKERS`. Ends non-zero when anything does not hold. The system should
 * be at rest; what is still under way is reported as such by the last invariant.
 */
async function main(): Promise<void> {
  const findings = await verifyAt(target());
  for (const { invariant, checked, violations } of findings) {
    console.log(`${violations.length === 0 ? '  ok' : '  NO'}  ${invariant}  (${checked} looked at)`);
    for (const violation of violations) console.log(`        ${violation}`);
  }
  const broken = findings.filter((one) => one.violations.length > 0).length;
  console.log(broken === 0 ? 'all eight hold' : `${broken} of ${findings.length} do not hold`);
  process.exitCode = broken === 0 ? 0 : 1;
}

function target(): { databaseUrl: string; brokers: string[] } {
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  if (!DATABASE_URL || !KAFKA_BROKERS) {
    throw new Error('nothing was started here: run npm start first, or set DATABASE_URL and KAFKA_BROKERS');
  }
  return { databaseUrl: DATABASE_URL, brokers: KAFKA_BROKERS.split(',') };
}

main().catch((error: unknown) => {
  console.error(`verify: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
