import { Controller, Get, Header, HttpCode } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { Metrics } from './metrics';
import { Problem } from './problem';

/** Not routed to the outside by the gateway. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /** The process turns over. */
  @Get('health/live')
  @HttpCode(200)
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** This process can answer: its schema is reachable. Kafka is not asked: it never closes a door. */
  @Get('health/ready')
  async ready(): Promise<{ status: 'ok' }> {
    const timeout = new Promise<never>((_, refuse) => {
      setTimeout(() => refuse(Problem.unavailable('The schema did not answer in time.')), 2000).unref();
    });
    await Promise.race([this.database.query('SELECT 1 FROM idempotency_keys LIMIT 1'), timeout]);
    return { status: 'ok' };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
