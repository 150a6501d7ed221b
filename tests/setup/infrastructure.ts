import { startTestInfrastructure } from '../../deploy/local/test-infrastructure';

/**
 * PostgreSQL and Kafka for the integration tests, in a folder that is thrown away. TEST_DATABASE_URL and
 * TEST_KAFKA_BROKERS name others that run already.
 */
export default async function setup(): Promise<void> {
  if (process.env.TEST_DATABASE_URL && process.env.TEST_KAFKA_BROKERS) return;
  const infrastructure = await startTestInfrastructure();
  process.env.TEST_DATABASE_URL ??= infrastructure.adminUrl;
  process.env.TEST_KAFKA_BROKERS ??= infrastructure.brokers;
  (globalThis as { testInfrastructure?: typeof infrastructure }).testInfrastructure = infrastructure;
}
