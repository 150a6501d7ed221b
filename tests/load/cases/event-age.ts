import { type ServiceName, type SubForum, services, topics } from '@plenary/contracts';
import { metricsOf, settled, stack, topicEvents } from '@plenary/testing';
import type { Case } from '../case';
import { ConsumerWatch } from '../consumer-watch';
import { percentile } from '../load';
import type { Figure } from '../report';
import { BenchConference, heard, minutes } from '../world';

/** One registration with three choices makes eight events: submitted, three asked for, three seats, the badge. */
const perSecond = 64;

/** How old events are at each hop of their way, with people registering at a steady pace. */
export const eventAge: Case = {
  name: 'event-age',
  title: `at about 500 events/s (${perSecond} registrations/s x 3 choices), open model`,
  changesData: true,
  async run(bench) {
    const people = bench.scaled(perSecond * 20);
    const conference = await BenchConference.create('age');
    const rows: SubForum[][] = [];
    for (const slot of [0, 1, 2]) {
      const times = { startsAt: minutes(60 + slot * 10), endsAt: minutes(70 + slot * 10) };
      rows.push(await conference.subForums(10, { ...times, capacity: people }));
    }
    await heard();
    const requests = Array.from({ length: people }, (_, index) =>
      conference.submission(rows.map((row) => (row[index % row.length] as SubForum).id)),
    );
    bench.say(`${people} registrations, ${perSecond} a second`);
    const watch = await ConsumerWatch.start(services);
    const sent = await bench.counted('the load', people, () =>
      bench.generator.load({
        origin: stack().url,
        requests,
        connections: 64,
        rate: perSecond,
        arrivals: bench.arrivals,
      }),
    );
    const relays = await relayAges();
    await settled(60_000);
    await watch.stop();

    let events = 0;
    let unheard = 0;
    const handedOver: number[] = [];
    const heardBy = new Map<ServiceName, number[]>(services.map((service) => [service, []]));
    const whole: number[] = [];
    for (const name of Object.keys(topics) as (keyof typeof topics)[]) {
      for await (const { topic, partition, offset, sentAt, headers } of topicEvents(name)) {
        const published = Date.parse(headers.ce_time as string);
        if (published < sent.startedAt) continue;
        events++;
        handedOver.push(sentAt - published);
        for (const service of services) {
          if (!watch.hears(service, topic)) continue;
          const at = watch.heardAt(service, topic, partition, offset);
          if (at === undefined) {
            unheard++;
            continue;
          }
          heardBy.get(service)?.push(at - sentAt);
          whole.push(at - published);
        }
      }
    }
    const all = [...heardBy.values()].flat();
    bench.check('every event was heard by all who hear its topic', unheard === 0 ? [] : [`${unheard} times not`]);
    const target = { atMost: 20 };
    return [
      { what: 'events', value: events / ((sent.endedAt - sent.startedAt) / 1_000), unit: '/s' },
      { what: 'publish to hand-over to the broker, p50', value: percentile(handedOver, 0.5), unit: 'ms' },
      { what: 'publish to hand-over to the broker, p99', value: percentile(handedOver, 0.99), unit: 'ms', target },
      ...relays.map(
        ({ service, p99 }): Figure => ({
          what: `publish to the broker's acknowledgement, ${service}, p99`,
          value: p99,
          unit: 'ms',
          target,
        }),
      ),
      { what: "hand-over to a consumer's commit, p50", value: percentile(all, 0.5), unit: 'ms' },
      {
        what: "hand-over to a consumer's commit, p99",
        value: percentile(all, 0.99),
        unit: 'ms',
        target,
        note: `offset rows looked at every ${watch.resolution} ms or oftener (p99); ${all.length} hearings`,
      },
      ...[...heardBy]
        .filter(([, ages]) => ages.length > 0)
        .map(
          ([service, ages]): Figure => ({ what: `  by ${service}, p99`, value: percentile(ages, 0.99), unit: 'ms' }),
        ),
      { what: "publish to a consumer's commit, p50", value: percentile(whole, 0.5), unit: 'ms' },
      { what: "publish to a consumer's commit, p99", value: percentile(whole, 0.99), unit: 'ms' },
      { what: 'sent more than 10 ms late', value: sent.late, unit: `of ${people}` },
    ];
  },
};

/** What each relay says of its last 2,048 events: from publishing, before the commit, to the broker's acknowledgement. */
async function relayAges(): Promise<{ service: ServiceName; p99: number }[]> {
  const found: { service: ServiceName; p99: number }[] = [];
  for (const service of ['registration', 'sub-forum', 'badge'] as const) {
    const ages = (await metricsOf(service, 'plenary_relay_event_age_p99_ms')).flat().map(({ value }) => value);
    found.push({ service, p99: Math.max(...ages) });
  }
  return found;
}
