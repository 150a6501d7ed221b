import { services } from '@plenary/contracts';
import { type Case, seconds } from '../case';

/** What the system costs while nobody does anything. */
export const idle: Case = {
  name: 'idle',
  title: '30 s of quiet, after all other cases',
  changesData: false,
  async run(bench) {
    // What a start or a load leaves behind (compiled code, statistics, joined groups) is not idleness.
    await seconds(10);
    await bench.counted('quiet', 0, () => seconds(bench.scaled(30)));
    const usage = bench.stretches.at(-1)?.usage;
    if (!usage) return [];
    const ofServices = usage.filter(({ name }) => (services as readonly string[]).includes(name.replace(/-\d+$/, '')));
    const sum = (list: typeof usage) => list.reduce((total, { percent }) => total + percent, 0);
    const of = (name: string) => sum(usage.filter((one) => one.name === name));
    return [
      { what: 'all services together', value: sum(ofServices), unit: '% of a core', target: { atMost: 3 } },
      { what: 'gateway', value: of('gateway'), unit: '% of a core' },
      { what: 'PostgreSQL', value: of('postgres'), unit: '% of a core' },
      { what: 'Kafka', value: of('kafka'), unit: '% of a core' },
      {
        what: 'memory of services and gateway',
        value: [...ofServices, ...usage.filter(({ name }) => name === 'gateway')].reduce(
          (total, one) => total + one.rssMb,
          0,
        ),
        unit: 'MB',
      },
    ];
  },
};
