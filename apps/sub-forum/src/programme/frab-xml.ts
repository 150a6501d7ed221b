import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { decodeReferences } from './plain-text';
import { type Stated, Unreadable } from './talks';

type Node = { [name: string]: unknown };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  cdataPropName: '#cdata',
  parseTagValue: false,
  parseAttributeValue: false,
  // References are decoded by ourselves, one character each: nothing a file declares is ever expanded.
  processEntities: false,
  captureMetaData: true,
  alwaysCreateTextNode: true,
  isArray: (name) => ['day', 'room', 'event', 'person'].includes(name),
});
const place = XMLParser.getMetaDataSymbol() as unknown as string;

/** The schedule as frab, pentabarf and pretalx export it: `schedule > day > room > event`. */
export function readFrabXml(source: string): Stated {
  const xml = source.replace(/\r\n?/g, '\n');
  const lineAt = lines(xml);
  const doctype = /<!DOCTYPE/i.exec(xml.slice(0, Math.max(0, xml.search(/<[a-z]/i))));
  if (doctype) {
    const message = 'A document type declaration is not read. Remove the <!DOCTYPE …> part.';
    throw new Unreadable({ line: lineAt(doctype.index), code: 'doctype', message });
  }
  const valid = XMLValidator.validate(xml);
  if (valid !== true)
    throw new Unreadable({ line: valid.err.line, code: 'xml_malformed', message: `Not XML: ${valid.err.msg}` });

  const schedule = nodeOf(parsed(xml).schedule);
  if (!schedule)
    throw new Unreadable({ line: 1, code: 'schedule_missing', message: 'The outermost element is not <schedule>.' });
  const conference = nodeOf(schedule.conference);
  const talks = list(schedule.day).flatMap((day) =>
    list(day.room).flatMap((room) =>
      list(room.event).map((event) => ({
        line: lineAt((event[place] as { startIndex?: number } | undefined)?.startIndex ?? 0),
        guid: attribute(event, 'guid') || attribute(event, 'id'),
        day: attribute(day, 'date'),
        date: textOf(event.date),
        start: textOf(event.start),
        duration: textOf(event.duration),
        room: attribute(room, 'name') || textOf(list(event.room)[0] ?? event.room),
        track: textOf(event.track),
        title: textOf(event.title),
        language: textOf(event.language),
        abstract: textOf(event.abstract) || textOf(event.description),
        persons: list(nodeOf(event.persons)?.person).map(textOf),
      })),
    ),
  );
  return {
    talks,
    timeZone: textOf(conference?.time_zone_name) || null,
    dayChange: textOf(conference?.day_change) || null,
  };
}

/** The parser refuses what is well-formed and still no schedule: tags nested without end, names like `__proto__`. */
function parsed(xml: string): Node {
  try {
    return parser.parse(xml) as Node;
  } catch (error) {
    const cause = error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read';
    throw new Unreadable({ line: null, code: 'xml_malformed', message: `Not a schedule: ${cause}` });
  }
}

/** An element as a node, also where it holds text alone. */
function nodeOf(value: unknown): Node | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  if (typeof one === 'string') return { '#text': one };
  return typeof one === 'object' && one !== null ? (one as Node) : undefined;
}
function list(value: unknown): Node[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.map(nodeOf).filter((one) => one !== undefined);
}
function attribute(node: Node, name: string): string {
  const value = node[`@${name}`];
  return typeof value === 'string' ? decodeReferences(value) : '';
}
function textOf(value: unknown): string {
  const node = nodeOf(value);
  if (!node) return '';
  const text = typeof node['#text'] === 'string' ? decodeReferences(node['#text']) : '';
  // What stands in CDATA is literal: an ampersand in it is one.
  return (
    text +
    list(node['#cdata'])
      .map((part) => part['#text'] ?? '')
      .join('')
  );
}

/** Offset in the text -> line, from 1. */
function lines(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}
