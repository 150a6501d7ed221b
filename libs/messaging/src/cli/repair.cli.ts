import { type ServiceName, services } from '@plenary/contracts';
import { requestRebuild, requestReplay, requestResync } from '../requests';

/**
 * `replay <service> [subject]`: the service hands over its parked events again.
 * `resync <topic|service> [subject]`: the owner publishes snapshots of its state.
 * `rebuild <service> [topic]`: the service empties what it knows of a topic, or of all, and has the owners tell it anew.
 * Needs KAFKA_BROKERS.
 */
const usage = 'replay <service> [subject], resync <topic|service> [subject], or rebuild <service> [topic]';

async function main([command, what, subject]: string[]): Promise<void> {
  const brokers = (process.env.KAFKA_BROKERS ?? '').split(',').filter(Boolean);
  if (brokers.length === 0) throw new Error('KAFKA_BROKERS is not set (host:port, comma separated)');
  const of = subject ? ` of ${subject}` : '';
  if (command === 'rebuild') {
    await requestRebuild(brokers, serviceNamed(what), subject);
    console.log(
      `${what} is asked to rebuild what it knows of ${subject ?? 'every topic'}; it tells the outcome in its log.`,
    );
  } else if (command === 'replay') {
    const service = serviceNamed(what);
    await requestReplay(brokers, service, subject);
    console.log(`${service} is asked to replay what it has parked${of}; it tells the outcome in its log.`);
  } else if (command === 'resync' && what) {
    const topics = await requestResync(brokers, what, subject);
    console.log(`Snapshots${of} are asked for: ${topics.join(', ')}.`);
  } else {
    throw new Error(usage);
  }
}

function serviceNamed(name: string | undefined): ServiceName {
  const service = services.find((one) => one === name);
  if (!service) throw new Error(`${usage}: the services are ${services.join(', ')}`);
  return service;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
