import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events } from './catalogue';

interface Sample {
  type: string;
  topic: string;
  key: string;
  subject: string;
  body: Record<string, unknown>;
}
const folder = join(__dirname, '../samples');
const samples = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Sample);

describe('golden samples', () => {
  it('there is one of every event, and every file is one of an event', () => {
    expect(samples.map(({ type }) => type).sort()).toEqual([...events.keys()].sort());
    expect(readdirSync(folder).sort()).toEqual([...events.keys()].map((type) => `${type}.json`).sort());
  });

  // A published event must be understood for ever: change the code so that the sample passes, never the sample.
  it.each(samples.map((sample) => [sample.type, sample] as const))('%s still parses, whole', (type, sample) => {
    const event = events.get(type);
    const body = event?.body.parse(sample.body);
    expect(body).toEqual(sample.body);
    expect(event?.topic.name).toBe(sample.topic);
    expect(event?.key(body as never)).toBe(sample.key);
    expect(event?.subject(body as never)).toBe(sample.subject);
  });
});
