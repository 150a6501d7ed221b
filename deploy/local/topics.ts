import { ensureTopics } from '@plenary/messaging';

/** Creates the topics of the contracts that KAFKA_BROKERS lacks. */
async function main(): Promise<void> {
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',').filter(Boolean);
  if (brokers.length === 0) throw new Error('KAFKA_BROKERS is not set (host:port, comma separated)');
  const { created } = await ensureTopics({ brokers });
  process.stdout.write(created.length > 0 ? `created ${created.join(', ')}\n` : 'every topic is there\n');
}

main().catch((error: Error) => {
  process.stderr.write(`topics: ${error.message}\n`);
  process.exitCode = 1;
});
