import { readFileSync } from 'node:fs';
import { topics } from '@plenary/contracts';
import { requestResync, until } from '@plenary/testing';
import { brokers, type Holder, holders } from './badge-holders';
import { bringBack, holdDown, logFileOf, replicasOf, report, restartsOf } from './chaos';
import { asSuperuser } from './inside';

const beyond = 1_000_000;

describe('an offset row beyond the end of the log', () => {
  it('ends the service with an error that says what to do; nothing is skipped, and done so it goes on', async () => {
    const [holder] = (await holders(1)) as [Holder];
    const replicas = replicasOf('attendance');
    const known = await holder.known('attendance');
    for (const replica of replicas) await holdDown(replica, 'SIGTERM');
    const missed = await holder.reissue();
    await holder.heard(missed, ['registration', 'check-in']);
    const row = [topics.badges.name, holder.partition];
    const [moved] = await asSuperuser<{ next_offset: string }>(
      `UPDATE attendance.consumer_offsets SET next_offset = next_offset + ${beyond}
       WHERE topic = $1 AND partition = $2 RETURNING next_offset`,
      row,
    );
    const before = replicas.map(restartsOf);
    const logs = replicas.map((replica) => readFileSync(logFileOf(replica)).length);
    for (const replica of replicas) await bringBack(replica);

    const place = `${topics.badges.name}/${holder.partition}`;
    await until(() => replicas.some((replica, index) => restartsOf(replica) > (before[index] as number)), {
      what: 'attendance to end itself',
      timeoutMs: 60_000,
    });
    const errors = replicas.flatMap((replica, index) =>
      readFileSync(logFileOf(replica))
        .subarray(logs[index])
        .toString()
        .split('\n')
        .filter((line) => line.includes('OffsetOutOfLog'))
        .map((line) => JSON.parse(line) as { msg: string; err: { message: string } }),
    );
    expect(errors.map(({ msg }) => msg)).toContain('the consumer is dead');
    expect(errors[0]?.err.message).toContain(
      `${place}: this schema stands at offset ${moved?.next_offset}, but the log holds`,
    );
    expect(errors[0]?.err.message).toContain('Delete the row from consumer_offsets to start at');
    expect(errors[0]?.err.message).toContain('then resync the owners of the topic');
    const at = 'SELECT next_offset FROM attendance.consumer_offsets WHERE topic = $1 AND partition = $2';
    expect(await asSuperuser(at, row)).toEqual([moved]);
    expect(await holder.known('attendance')).toBe(known);

    const since = performance.now();
    await asSuperuser('DELETE FROM attendance.consumer_offsets WHERE topic = $1 AND partition = $2', row);
    await requestResync(brokers(), 'badges');
    await holder.heard(missed, ['attendance'], 60_000);
    const mendedMs = performance.now() - since;
    await holder.heard(await holder.reissue());
    expect(Number((await asSuperuser<{ next_offset: string }>(at, row))[0]?.next_offset)).toBeLessThan(beyond);
    // Read from the start again, what lies in the partition and is no event is parked again.
    await asSuperuser(
      `DELETE FROM attendance.parked WHERE topic = $1 AND partition = $2 AND cause = 'unparsable'`,
      row,
    );
    const ended = replicas.reduce((sum, replica, index) => sum + restartsOf(replica) - (before[index] as number), 0);
    report(
      `an offset row beyond the log: ended itself ${ended} times, heard again ${mendedMs.toFixed(0)} ms after it was mended`,
    );
  }, 180_000);
});
