import { topics } from '@plenary/contracts';
import { Kafka, logLevel } from 'kafkajs';

async function main(): Promise<void> {
  const admin = new Kafka({
    brokers: (process.env.KAFKA_BROKERS ?? '').split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  await admin.createTopics({
    topics: Object.values(topics).map(({ name, partitions }) => ({ topic: name, numPartitions: partitions })),
    waitForLeaders: true,
  });
  await admin.disconnect();
}

main().catch((error: Error) => {
  process.stderr.write(`topics: ${error.message}\n`);
  process.exitCode = 1;
});
