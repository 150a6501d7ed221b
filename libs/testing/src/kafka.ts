/** The broker for integration tests: `TEST_KAFKA_BROKERS`, else the one that the global setup started. */
export async function testKafka(): Promise<{ brokers: string[]; close(): Promise<void> }> {
  const brokers = process.env.TEST_KAFKA_BROKERS;
  if (!brokers)
    throw new Error('No Kafka for tests: run through the jest project "integration" or set TEST_KAFKA_BROKERS');
  return { brokers: brokers.split(','), close: async () => {} };
}
