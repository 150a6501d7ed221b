import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readFrabXml } from './frab-xml';
import { parseWithLines } from './json-with-lines';
import { decodeReferences, textOfHtml } from './plain-text';
import { readPretalxJson } from './pretalx-json';
import { plan } from './programme.rules';
import { type Stated, soundTalks, Unreadable } from './talks';

const fixture = (name: string) => readFileSync(join(__dirname, '../../fixtures', name), 'utf8');
const fosdem = gunzipSync(
  readFileSync(join(__dirname, '../../../../tests/data/fosdem-2025-schedule.xml.gz')),
).toString();
const talksOf = (stated: Stated) => soundTalks(stated, stated.timeZone ?? 'UTC');

/** What is wrong with a file, as `line: code`. */
function wrong(read: (text: string) => Stated, text: string): string[] {
  try {
    const { talks, faults } = talksOf(read(text));
    return [...faults, ...plan(talks).faults].map(({ line, code }) => `${line}: ${code}`);
  } catch (error) {
    if (error instanceof Unreadable) return [`${error.fault.line}: ${error.fault.code}`];
    throw error;
  }
}

describe('both formats', () => {
  it.each([
    ['frab XML', readFrabXml(fixture('small.frab.xml'))],
    ['pretalx JSON', readPretalxJson(fixture('small.pretalx.json'))],
  ])('%s is read as text, UTC and plain names', (_, stated) => {
    const { talks, faults } = talksOf(stated);
    expect(faults).toEqual([]);
    expect(talks.map(({ line: _line, ...talk }) => talk)).toEqual([
      {
        guid: 'a1',
        day: '2026-05-21',
        startsAt: '2026-05-21T01:00:00.000Z',
        endsAt: '2026-05-21T01:45:00.000Z',
        room: 'Hall 1 & 2',
        track: 'Energy',
        title: 'Grids & batteries',
        chinese: false,
        abstract: 'Of wires & cells.\n\n- one\n- two',
        persons: ['Ada "Grid" Example', '李明'],
      },
      expect.objectContaining({
        guid: 'a2',
        title: 'Wind <& sun>',
        startsAt: '2026-05-21T02:00:00.000Z',
        track: 'Energy',
      }),
      // Half past one at night belongs to the day before (day_change), and is on the next by the clock.
      expect.objectContaining({ guid: '3', day: '2026-05-21', startsAt: '2026-05-21T17:30:00.000Z', chinese: true }),
    ]);
  });

  it('the same programme is planned alike from either', () => {
    const planned = (stated: Stated) => plan(talksOf(stated).talks).planned.map(({ line: _, ...one }) => one);
    expect(planned(readPretalxJson(fixture('small.pretalx.json')))).toEqual(
      planned(readFrabXml(fixture('small.frab.xml'))),
    );
  });
});

describe('FOSDEM 2025', () => {
  const stated = readFrabXml(fosdem);

  it('is read whole: 1,105 talks become 88 sub-forums', () => {
    const { talks, faults } = talksOf(stated);
    const { planned, faults: further } = plan(talks);
    expect([...faults, ...further]).toEqual([]);
    expect([talks.length, planned.length]).toEqual([1105, 88]);
    expect(talks[0]).toMatchObject({
      line: 101,
      guid: 'fdbc5919-f702-524c-9331-3a2c670f6ff3',
      room: 'Janson',
      startsAt: '2025-02-01T08:30:00.000Z',
    });
    expect(new Set(talks.map((talk) => talk.room)).size).toBe(35);
  });

  it('is the same as a pretalx export of it', () => {
    const days = [...new Set(stated.talks.map((talk) => talk.day))].map((date) => {
      const rooms: Record<string, unknown[]> = {};
      for (const { persons, ...talk } of stated.talks.filter((one) => one.day === date)) {
        rooms[talk.room] = [...(rooms[talk.room] ?? []), { ...talk, persons: persons.map((name) => ({ name })) }];
      }
      return { date, rooms };
    });
    const json = JSON.stringify({ schedule: { conference: { time_zone_name: stated.timeZone, days } } }, null, 1);
    const planned = (one: Stated) => plan(talksOf(one).talks).planned.map(({ line: _, ...rest }) => rest);
    expect(planned(readPretalxJson(json))).toEqual(planned(stated));
  });
});

describe('a broken frab file', () => {
  const good = fixture('small.frab.xml');
  it.each([
    ['an element that is not closed', good.replace('</event>', ''), ['34: xml_malformed']],
    ['something else', 'hello', ['1: xml_malformed']],
    ['another document', '<rss></rss>', ['1: schedule_missing']],
    ['tags without end', `<schedule>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</schedule>`, ['null: xml_malformed']],
    ['names that JavaScript keeps', '<schedule><__proto__><x/></__proto__></schedule>', ['null: xml_malformed']],
    ['a document type', `<!DOCTYPE s [<!ENTITY a "b">]>\n${good.replace(/<\?xml.*\n/, '')}`, ['1: doctype']],
    ['a duration below nothing', good.replace('<duration>00:45', '<duration>-00:45'), ['12: ends_before_start']],
    ['a duration of nothing', good.replace('<duration>01:00', '<duration>00:00'), ['26: ends_before_start']],
    ['no duration', good.replace('<duration>01:00</duration>', ''), ['26: duration_invalid']],
    ['no start', good.replace('<start>10:00</start>', ''), ['26: start_invalid']],
    ['no title', good.replace(/<title><!.*\/title>/, ''), ['26: title_missing']],
    ['neither guid nor id', good.replace('guid="a2" id="2"', ''), ['26: guid_missing']],
    ['a guid used twice', good.replace('guid="a2"', 'guid="a1"'), ['26: guid_twice']],
    [
      'a day that is none',
      good.replace('date="2026-05-21" start', 'date="2026-05-41" start'),
      ['12: day_invalid', '26: day_invalid', '26: start_invalid', '36: day_invalid', '36: start_invalid'],
    ],
    ['a year that no database holds', good.replace('2026-05-21T09', '0000-05-21T09'), ['12: start_invalid']],
    ['a title without end', good.replace('Grids', 'G'.repeat(500)), ['12: title_too_long']],
  ])('%s', (_, text, faults) => expect(wrong(readFrabXml, text)).toEqual(faults));

  it('expands nothing that the file declares', () => {
    const text = good.replace('<title>Grids', '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><title>&x;&x;Grids');
    const titles = (() => {
      try {
        return talksOf(readFrabXml(text)).talks.map((talk) => talk.title);
      } catch (error) {
        return error instanceof Unreadable ? [] : Promise.reject(error);
      }
    })();
    expect(JSON.stringify(titles)).not.toContain('xxxxxxxxxx');
  });
});

describe('a broken pretalx file', () => {
  const good = fixture('small.pretalx.json');
  it.each([
    ['a missing comma', good.replace('"guid": "a2",', '"guid": "a2"'), ['29: json_malformed']],
    ['an unclosed text', good.replace('"夜谈"', '"夜谈'), ['44: json_malformed']],
    ['a cut off file', good.slice(0, good.indexOf('"duration": "01:00"')), ['31: json_malformed']],
    ['something else', 'hello', ['1: json_malformed']],
    ['nothing', '', ['1: json_malformed']],
    ['another document', '{"a": []}', ['1: schedule_missing']],
    [
      'a talk that is none',
      good.replace('"Hall 1 & 2": [', '"Hall 1 & 2": [ 7,'),
      ['null: guid_missing', 'null: title_missing', 'null: start_invalid', 'null: duration_invalid'],
    ],
    ['a duration of nothing', good.replace('"01:00"', '"00:00"'), ['27: ends_before_start']],
    ['a guid used twice', good.replace('"a2"', '"a1"'), ['27: guid_twice']],
    ['nested without end', '['.repeat(100_000), ['1: json_malformed']],
  ])('%s', (_, text, faults) => expect(wrong(readPretalxJson, text)).toEqual(faults));

  it('is read as JSON.parse reads it, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(4), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parseWithLines(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is refused where JSON.parse refuses it', () => {
    const broken = fc.tuple(
      fc.json(),
      fc.nat(200),
      fc.constantFrom('', ',', '"', '}', ']', '\\', '0', 'x', ':', '\u0001'),
    );
    const accepts = (read: () => unknown) => {
      try {
        read();
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(broken, ([json, at, change]) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + change + json.slice(place + 1);
        expect(accepts(() => parseWithLines(text))).toBe(accepts(() => JSON.parse(text)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('texts', () => {
  it.each([
    ['<p>a</p><p>b</p>', 'a\n\nb'],
    ['a<br/>b <b>c</b>', 'a\nb c'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['x<script>alert(1)</script>y', 'x y'],
    ['&#x1F600; &#0;&#xD800;&unknown;', '😀 \ufffd&unknown;'],
  ])('%s', (html, text) => expect(textOfHtml(html)).toBe(text));

  it('decodes each reference once', () => expect(decodeReferences('&amp;lt;')).toBe('&lt;'));

  it('is done in time with anything', () => {
    for (const part of ['<', '<script>', '<!--', '&', '<p ', '\n ']) {
      const began = performance.now();
      textOfHtml(part.repeat(100_000));
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});
