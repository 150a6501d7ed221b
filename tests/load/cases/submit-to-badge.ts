import { type SubForum, topics } from '@plenary/contracts';
import { settled, stack, topicEvents } from '@plenary/testing';
import type { Case } from '../case';
import { ConsumerWatch } from '../consumer-watch';
import { percentile } from '../load';
import { BenchConference, heard, minutes } from '../world';

const perSecond = 100;

/** How long until somebody who has just registered could walk through a door. */
export const submitToBadge: Case = {
  name: 'submit-to-badge',
  title: `${perSecond} registrations/s x 1 choice, open model, until check-in knows the badge`,
  changesData: true,
  async run(bench) {
    const people = bench.scaled(perSecond * 20);
    const conference = await BenchConference.create('badges');
    const made = await conference.subForums(20, { startsAt: minutes(60), endsAt: minutes(70), capacity: people });
    await heard();
    const requests = Array.from({ length: people }, (_, index) =>
      conference.submission([(made[index % made.length] as SubForum).id]),
    );
    bench.say(`${people} registrations, ${perSecond} a second`);
    const watch = await ConsumerWatch.start(['check-in']);
    const sent = await bench.counted('the load', people, () =>
      bench.generator.load({
        origin: stack().url,
        requests,
        connections: 64,
        rate: perSecond,
        arrivals: bench.arrivals,
        keep: ['id'],
      }),
    );
    await settled(60_000);
    await watch.stop();

    const dueAt = new Map(sent.kept.map((one, index) => [one?.id as string, sent.dueAt[index] as number]));
    const took: number[] = [];
    for await (const { partition, offset, headers, body } of topicEvents('badges')) {
      if (headers.ce_type !== 'badge.issued.v1') continue;
      const { registrationId } = body as { registrationId: string };
      const due = dueAt.get(registrationId);
      if (due === undefined) continue;
      dueAt.delete(registrationId);
      const at = watch.heardAt('check-in', topics.badges.name, partition, offset);
      if (at !== undefined) took.push(at - due);
    }
    bench.check('check-in has heard of every badge', took.length === people ? [] : [`${took.length} of ${people}`]);
    const note = `check-in's offset row beyond the badge's event, looked at every ${watch.resolution} ms or oftener (p99)`;
    return [
      {
        what: 'intended submit to badge at check-in, p50',
        value: percentile(took, 0.5),
        unit: 'ms',
        target: { atMost: 50 },
        note,
      },
      {
        what: 'intended submit to badge at check-in, p99',
        value: percentile(took, 0.99),
        unit: 'ms',
        target: { atMost: 250 },
      },
      { what: 'answer p50', value: percentile(sent.latency, 0.5), unit: 'ms' },
      { what: 'answer p99', value: percentile(sent.latency, 0.99), unit: 'ms' },
      { what: 'sent more than 10 ms late', value: sent.late, unit: `of ${people}` },
    ];
  },
};
