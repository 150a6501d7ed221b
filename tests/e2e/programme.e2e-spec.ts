import { gzipSync } from 'node:zlib';
import { routes } from '@plenary/contracts';
import { fosdem2025, stack } from '@plenary/testing';
import { Conference, problemOf } from './world';

describe('the programme of FOSDEM 2025', () => {
  let conference: Conference;
  const load = (body: Uint8Array<ArrayBuffer>, dryRun = false) =>
    conference.organiser.call(
      routes.importProgramme,
      { params: { slug: conference.slug }, query: { format: 'frab-xml', dryRun: dryRun ? 'true' : 'false' }, body },
      { timeoutMs: 60_000 },
    );
  const list = async () => {
    const found = [];
    for await (const one of conference.organiser.all(routes.listSubForums, { params: { slug: conference.slug } }))
      found.push(one);
    return found;
  };

  beforeAll(async () => {
    conference = await Conference.create({ timeZone: 'Europe/Brussels', startsOn: '2025-02-01', endsOn: '2025-02-02' });
  });

  it('is shown by a dry run and changes nothing', async () => {
    const plan = await load(fosdem2025(), true);
    expect(plan.dryRun).toBe(true);
    expect(plan.created.length).toBeGreaterThan(70);
    expect(await list()).toEqual([]);
  });

  it('is imported whole: tracks become sub-forums per day and room, talks their sessions', async () => {
    const done = await load(fosdem2025());
    const imported = await list();
    expect(imported).toHaveLength(done.created.length);
    expect(imported.reduce((sum, one) => sum + (one.sessions ?? []).length, 0)).toBe(1105 - done.problems.length);
    const databases = imported.find((one) => one.track === 'PostgreSQL');
    expect(databases?.sessions?.length).toBeGreaterThan(5);
    expect(databases?.startsAt).toBe(databases?.sessions?.[0]?.startsAt);
  });

  it('is small as cards: a programme page is one answer, and an unchanged one costs nothing', async () => {
    const read = (query: string, headers: Record<string, string> = {}) =>
      fetch(`${stack().url}/api/v1/conferences/${conference.slug}/sub-forums${query}`, { headers });
    const [whole, cards] = [await read(''), await read('?fields=card')];
    const [wholeText, cardText] = [await whole.text(), await cards.text()];
    const sizes = { whole: wholeText.length, cards: cardText.length };
    const sent = { whole: gzipSync(wholeText).length, cards: gzipSync(cardText).length };
    process.stdout.write(`the programme's list: ${JSON.stringify(sizes)} bytes, gzipped ${JSON.stringify(sent)}\n`);
    expect(sizes.cards).toBeLessThan(sizes.whole / 4);
    expect(sent.cards).toBeLessThan(20_000);
    const tag = cards.headers.get('etag') as string;
    expect(tag).not.toBe(whole.headers.get('etag'));
    expect((await read('?fields=card', { 'if-none-match': tag })).status).toBe(304);
    const [first] = (JSON.parse(cardText) as { items: object[] }).items;
    for (const left of ['abstract', 'hosts', 'supporters', 'sessions', 'crew']) expect(first).not.toHaveProperty(left);
  });

  it('the same file again changes nothing', async () => {
    const again = await load(fosdem2025());
    expect([again.created, again.changed, again.removed]).toEqual([[], [], []]);
    expect(again.unchanged).toBe((await list()).length);
  });

  it('a broken file names line and cause and changes nothing', async () => {
    const before = await list();
    const text = new TextDecoder().decode(fosdem2025());
    const broken = text.replace('<duration>00:50</duration>', '<duration>soon</duration>');
    const refused = await problemOf(load(new TextEncoder().encode(broken)));
    expect(refused).toMatchObject({ status: 422, code: 'programme_invalid' });
    expect(refused.error.problem.errors?.[0]?.path).toMatch(/line \d+|\d+/);
    const cut = await problemOf(load(new TextEncoder().encode(text.slice(0, 50_000))));
    expect(cut).toMatchObject({ status: 422, code: 'programme_invalid' });
    expect(await list()).toEqual(before);
  });
});
