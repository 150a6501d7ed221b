import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` tells; libs and services add their own to `registry`. */
export class Metrics {
  readonly registry = new Registry();
  /** Seconds by route and status; routes by their id, so that no path parameter becomes a label. */
  readonly http: Histogram<'route' | 'status'>;

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    // The lag of the event loop is sampled by a timer: at its default of 10 ms that wakes an idle process 100 times a second.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 200 });
    this.http = new Histogram({
      name: 'plenary_http_seconds',
      help: 'Time to answer, by route and status.',
      labelNames: ['route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers: [this.registry],
    });
  }

  /** Numbers that a part keeps itself, read when they are asked for: `plenary_<part>_<name>`. */
  observe(part: string, read: () => object): void {
    for (const name of Object.keys(read())) {
      new Gauge({
        name: `plenary_${part}_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
        help: `${name} of the ${part}.`,
        registers: [this.registry],
        collect() {
          this.set(Number((read() as Record<string, unknown>)[name]));
        },
      });
    }
  }

  /** The same for numbers that come many to a name, each with its labels: `plenary_<name>{…}`. */
  observeEach<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => readonly { labels: Record<Label, string | number>; value: number }[],
  ): void {
    new Gauge({
      name: `plenary_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.set(labels, value);
      },
    });
  }
}
