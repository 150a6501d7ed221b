import type { ServiceName } from '@plenary/contracts';
import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import type { MessagingLogger } from './options';

/**
 * After its first request every connection of kafkajs 2.2.4 looks each millisecond, for ever, whether requests wait,
 * since it schedules the next look by a time that lies in the past (kafkajs#1751; Node answers with a
 * TimeoutNegativeWarning). With three connections to each service that was nine tenths of what an idle system used.
 * Where nothing waits nothing needs to be looked for: whoever adds a request that has to wait schedules the look.
 */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}
const { prototype: requestQueue } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
const scheduleLook = requestQueue.scheduleCheckPendingRequests;
requestQueue.scheduleCheckPendingRequests = function lookWhereSomethingWaits(this: RequestQueue) {
  if (this.pending.length > 0) scheduleLook.call(this);
};

/** A Kafka client that gives up soon: whoever uses it keeps what it has, and tries again. */
export function kafkaClient(clientId: string, brokers: readonly string[], logger: MessagingLogger): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    connectionTimeout: 3_000,
    requestTimeout: 15_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 4 },
    logLevel: logLevel.INFO,
    logCreator: () => quiet(logger),
  });
}

export const consumerGroup = (service: ServiceName): string => `plenary.${service}`;

/**
 * kafkajs tells one outage in dozens of lines, some of them harmless (a fresh broker's coordinator still loads): its
 * errors become warnings, each said once in ten seconds, everything else is for debugging. What matters is told by
 * the relay and the consumer themselves.
 */
function quiet(logger: MessagingLogger): (entry: LogEntry) => void {
  const lastSaid = new Map<string, number>();
  return ({ namespace, level, log }) => {
    const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
    const error = typeof fields.error === 'string' ? fields.error : undefined;
    const text = `kafkajs ${namespace}: ${message}${error ? `: ${error}` : ''}`;
    const harmless =
      /coordinator|rebalanc|re-joining|leader election|not connected|Restarting the consumer|seed broker|generation id/i.test(
        text,
      );
    if (level !== logLevel.ERROR || harmless) return logger.debug(fields, text);
    const now = Date.now();
    if (now - (lastSaid.get(message) ?? 0) < 10_000) return;
    if (lastSaid.size > 100) lastSaid.clear();
    lastSaid.set(message, now);
    logger.warn({ broker: fields.broker }, text);
  };
}

/** kafkajs' own errors: those of a heartbeat or an offset commit must reach it, for it to join the group again. */
export function isKafkaError(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}

/** The broker, or the group's coordinator, cannot be reached for now. */
export function isKafkaOutage(error: unknown): boolean {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (/Connection|Timeout|Broker|Coordinator|Metadata|NumberOfRetries/.test(link.name)) return true;
    if ((link as { retriable?: boolean }).retriable === true) return true;
  }
  return false;
}
