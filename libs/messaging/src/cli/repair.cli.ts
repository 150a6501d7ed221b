import { services } from '@plenary/contracts';
import { requestReplay, requestResync } from '../requests';

/**
 * `replay <service> [subject]`: the service hands over its parked events again.
 * `resync <topic|service> [subject]`: the owner publishes snapshots of its state.
 * Needs KAFKA_BROKERS.
 */
async function main([command, what, subject]: string[]): Promise<void> {
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',').filter(Boolean);
  if (brokers.length === 0) throw new Error('KAFKA_BROKERS is not set (host:port, comma separated)');
  const of = subject ? ` of ${subject}` : '';
  if (command === 'replay') {
    const service = services.find((name) => name === what);
    if (!service) throw new Error(`replay <service> [subject]: the services are ${services.join(', ')}`);
    await requestReplay(brokers, service, subject);
    console.log(`${service} is asked to replay what it has parked${of}; it tells the outcome in its log.`);
  } else if (command === 'resync' && what) {
    const topics = await requestResync(brokers, what, subject);
    console.log(`Snapshots${of} are asked for: ${topics.join(', ')}.`);
  } else {
    throw new Error('replay <service> [subject], or resync <topic|service> [subject]');
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
