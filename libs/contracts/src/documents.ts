import { z } from 'zod';
import * as attendanceContracts from './attendance';
import * as badgeContracts from './badges';
import { events, routes, routesOf } from './catalogue';
import { problem } from './common';
import * as conferenceContracts from './conferences';
import * as delegationContracts from './delegations';
import type { EventDefinition, ServiceName } from './event';
import * as gateContracts from './gates';
import * as identityContracts from './identity';
import * as registrationContracts from './registrations';
import type { Role, RouteDefinition } from './route';
import * as scanContracts from './scans';
import * as subForumContracts from './sub-forums';
import * as submissionContracts from './submission';
import { topics } from './topics';
import * as wallContracts from './walls';

/** JSON as the documents hold it. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

const API_VERSION = '1.0.0';
const licence = { name: 'Apache-2.0', identifier: 'Apache-2.0' };

/** Schemas that are told once, by name, wherever they occur. */
const named: Record<string, z.ZodType> = {
  Attendance: attendanceContracts.attendance,
  Category: conferenceContracts.category,
  Conference: conferenceContracts.conference,
  Conflict: scanContracts.conflict,
  Delegation: delegationContracts.delegation,
  Device: identityContracts.device,
  Gate: gateContracts.gate,
  Person: submissionContracts.person,
  Problem: problem,
  ProgrammeDiff: subForumContracts.programmeDiff,
  Registration: registrationContracts.registration,
  Revocations: badgeContracts.revocations,
  Scan: scanContracts.scan,
  Session: subForumContracts.session,
  StaffMember: identityContracts.staffMember,
  SubForum: subForumContracts.subForum,
  SubForumCard: subForumContracts.subForumCard,
  Submission: submissionContracts.submission,
  Verdict: scanContracts.verdict,
  Wall: wallContracts.wall,
};
function nameSchemas() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  return registry;
}

/** Collects JSON schemas; what has a name goes to `components.schemas` and is referred to. */
class Schemas {
  readonly components: JsonObject = {};
  private readonly registry = nameSchemas();

  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const made = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      metadata: this.registry,
      override: ({ jsonSchema }) => {
        // A format says what its pattern says, and the limits of safe integers go without saying.
        if (jsonSchema.format) delete jsonSchema.pattern;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      },
    }) as unknown as JsonObject;
    const { $schema: _, $defs = {}, ...own } = made;
    for (const [name, definition] of Object.entries($defs as JsonObject)) this.add(name, definition as JsonObject, io);
    const id = this.registry.get(schema)?.id;
    if (id !== undefined && !('$ref' in own)) {
      this.add(id, own, io);
      return { $ref: `#/components/schemas/${this.nameOf(id, io)}` };
    }
    return this.refer(own, io);
  }

  private add(name: string, definition: JsonObject, io: 'input' | 'output'): void {
    const { id: _, ...rest } = definition;
    this.components[this.nameOf(name, io)] = this.refer(rest, io);
  }

  /** What is sent may leave out what has a default: it is a schema of its own. */
  private nameOf(name: string, io: 'input' | 'output'): string {
    return io === 'input' ? `${name}Input` : name;
  }

  private refer(value: Json, io: 'input' | 'output'): Json {
    if (Array.isArray(value)) return value.map((one) => this.refer(one, io));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) =>
        key === '$ref' && typeof one === 'string'
          ? [key, `#/components/schemas/${this.nameOf(one.slice(one.lastIndexOf('/') + 1), io)}`]
          : [key, this.refer(one, io)],
      ),
    );
  }

  sorted(): JsonObject {
    return Object.fromEntries(Object.entries(this.components).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

const tags: Record<ServiceName, { name: string; description: string }> = {
  identity: { name: 'Identity', description: 'Staff, roles, door devices and the audit trail.' },
  'sub-forum': { name: 'Programme', description: 'Conferences, sub-forums, seats and waitlists.' },
  registration: { name: 'Registration', description: 'Who comes, and what they chose.' },
  badge: { name: 'Badges', description: 'The signed QR badge.' },
  'check-in': { name: 'Doors', description: 'Gates, scans, verdicts and conflicts.' },
  attendance: { name: 'Attendance', description: 'Who is in which room, live.' },
};

/** The OpenAPI 3.1 document of one service. */
export function openApiOf(service: ServiceName): JsonObject {
  return openApi(`Plenary: ${tags[service].name}`, routesOf(service), [tags[service]]);
}

/** The OpenAPI 3.1 document of the whole API, as the gateway serves it. */
export function mergedOpenApi(): JsonObject {
  return openApi('Plenary', Object.values(routes as Record<string, RouteDefinition>), Object.values(tags));
}

function openApi(
  title: string,
  described: RouteDefinition[],
  used: { name: string; description: string }[],
): JsonObject {
  const schemas = new Schemas();
  schemas.of(problem, 'output');
  const paths: Record<string, JsonObject> = {};
  for (const route of described) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: API_VERSION,
      summary: 'Registration, badges, doors and attendance of conferences of many parallel sub-forums.',
      description:
        'Errors are RFC 9457 problems with a stable `code`. Unknown fields are refused. Lists are paged by `limit` and `cursor`. ' +
        'A creating POST takes an `Idempotency-Key`; `Prefer: wait=N` waits for what is pending.',
      license: licence,
    },
    servers: [{ url: '/api/v1' }],
    tags: used,
    paths,
    components: {
      securitySchemes: {
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Access token of a member of staff.',
        },
        door: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Token of an enrolled door device.' },
        link: { type: 'http', scheme: 'bearer', description: 'Link token of a delegate or of a delegation leader.' },
        wall: { type: 'http', scheme: 'bearer', description: 'Token of a wall link: counts only.' },
      },
      headers: {
        RetryAfter: { description: 'Seconds after which to try again.', schema: { type: 'integer' } },
        ETag: { description: 'For `If-Match` and `If-None-Match`.', schema: { type: 'string' } },
      },
      responses: Object.fromEntries(
        Object.entries(problems).map(([name, { description, retry }]) => [
          name,
          {
            description,
            ...(retry ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } } : {}),
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
      schemas: schemas.sorted(),
    },
  };
}

const problems: Record<string, { status: number; description: string; retry?: true }> = {
  Malformed: { status: 400, description: 'Malformed: `request_invalid` names each field, `json_invalid`.' },
  Credentials: { status: 401, description: '`credentials_missing`, `credentials_invalid` or `device_revoked`.' },
  Role: { status: 403, description: 'Another role is needed: `role_required`.' },
  NotFound: { status: 404, description: 'Not found here, or of another conference: `not_found`.' },
  Conflict: { status: 409, description: 'The state does not allow it.' },
  Stale: { status: 412, description: 'Changed since it was read: `stale`.' },
  TooLarge: { status: 413, description: 'The body is too large: `body_too_large`.' },
  MediaType: { status: 415, description: 'Send application/json: `media_type_unsupported`.' },
  NotAllowed: { status: 422, description: 'Understood, but not allowed; the code says why.' },
  IfMatchMissing: { status: 428, description: 'Send `If-Match`: `if_match_missing`.' },
  TooMany: { status: 429, description: 'Too many calls: `rate_limited`.', retry: true },
  Unavailable: { status: 503, description: 'For the moment: `temporarily_unavailable`.', retry: true },
};

function operation(route: RouteDefinition, schemas: Schemas): JsonObject {
  const sends = route.method !== 'GET' && route.method !== 'DELETE';
  const openToAll = route.who.includes('anyone');
  const expected = [
    'Malformed',
    ...(openToAll && route.who.length === 1 ? ['Credentials'] : ['Credentials', 'Role']),
    ...(route.path.includes('{') ? ['NotFound'] : []),
    ...(sends ? ['Conflict', 'TooLarge', 'MediaType', 'NotAllowed'] : []),
    ...(route.ifMatch ? ['Stale', 'IfMatchMissing'] : []),
    ...(route.limit ? ['TooMany'] : []),
    'Unavailable',
  ];
  const body = requestBody(route, schemas);
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [tags[route.service].name],
    security: securityOf(route.who),
    'x-roles': [...route.who],
    ...(route.limit ? { 'x-rate-limit': { ...route.limit } } : {}),
    parameters: parameters(route, schemas),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [route.status]: success(route, schemas),
      ...Object.fromEntries(
        expected
          .map((name): [number, Json] => [problems[name]?.status as number, { $ref: `#/components/responses/${name}` }])
          .sort(([a], [b]) => a - b),
      ),
    },
  };
}

function parameters(route: RouteDefinition, schemas: Schemas): Json[] {
  const own = (place: 'path' | 'query', shape: z.ZodObject): Json[] => {
    const described = schemas.of(shape, 'input') as { properties?: JsonObject; required?: string[] };
    return Object.entries(described.properties ?? {}).map(([name, schema]) => ({
      name,
      in: place,
      required: place === 'path' || (described.required ?? []).includes(name),
      schema,
    }));
  };
  const header = (name: string, description: string, schema: JsonObject, required = false): Json => ({
    name,
    in: 'header',
    required,
    description,
    schema,
  });
  return [
    ...own('path', route.params),
    ...own('query', route.query),
    ...(route.idempotent
      ? [
          header('Idempotency-Key', 'The same key and request again get the first answer again, for 24 h.', {
            type: 'string',
            minLength: 1,
            maxLength: 255,
            pattern: '^[!-~]+$',
          }),
        ]
      : []),
    ...(route.ifMatch ? [header('If-Match', 'The ETag that was read last.', { type: 'string' }, true)] : []),
    ...(route.preferWait
      ? [header('Prefer', '`wait=N`: waits up to N (at most 10) seconds for what is pending.', { type: 'string' })]
      : []),
    ...(route.produces === 'text/event-stream'
      ? [header('Last-Event-ID', 'Resumes after this event, on any replica.', { type: 'string' })]
      : []),
  ];
}

function requestBody(route: RouteDefinition, schemas: Schemas): Json | undefined {
  if (route.rawBody) return { required: true, content: { [route.rawBody]: { schema: {} } } };
  if (route.body instanceof z.ZodUndefined) return undefined;
  return {
    required: !route.body.safeParse(undefined).success,
    content: { 'application/json': { schema: schemas.of(route.body, 'input') } },
  };
}

function success(route: RouteDefinition, schemas: Schemas): Json {
  if (route.status === 204) return { description: 'Done.' };
  const isJson = route.produces === 'application/json';
  const described = !(route.answer instanceof z.ZodVoid);
  return {
    description: route.produces === 'text/event-stream' ? 'Each event holds this as `data`.' : 'The answer.',
    ...(isJson && route.method === 'GET' ? { headers: { ETag: { $ref: '#/components/headers/ETag' } } } : {}),
    content: { [route.produces]: { schema: described ? schemas.of(route.answer, 'output') : { type: 'string' } } },
  };
}

function securityOf(who: readonly Role[]): Json[] {
  const schemes = who.flatMap((role): JsonObject[] => {
    switch (role) {
      case 'anyone':
        return [{}];
      case 'door':
        return [{ door: [] }];
      case 'delegate':
      case 'leader':
        return [{ link: [] }];
      case 'wall':
        return [{ wall: [] }];
      default:
        return [{ staff: [] }];
    }
  });
  return [...new Map(schemes.map((scheme) => [JSON.stringify(scheme), scheme])).values()];
}

/** `seat.confirmed.v1` -> `SeatConfirmedV1`: names in the AsyncAPI document. */
const identifier = (type: string): string =>
  type
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');

/** The AsyncAPI 3.0 document of all topics. */
export function asyncApi(): JsonObject {
  const schemas = new Schemas();
  const byTopic = Object.entries(topics).map(([name, topic]) => ({
    name,
    topic,
    events: [...events.values()].filter((event) => event.topic.name === topic.name),
  }));
  const messages = Object.fromEntries(
    [...events.values()].map((event) => [identifier(event.type), message(event, schemas)]),
  );
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Plenary events',
      version: API_VERSION,
      description:
        'CloudEvents 1.0 in binary mode: headers `ce_*`, a JSON body. Each body carries its subject’s `version`, contiguous per ' +
        'topic and subject; `*.snapshot.v1` repeats state with an unchanged version. Deliveries may repeat: drop what is not newer.',
      license: { name: licence.name },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      byTopic.map(({ name, topic, events: told }) => [
        name,
        {
          address: topic.name,
          messages: Object.fromEntries(
            told.map((event) => [identifier(event.type), { $ref: `#/components/messages/${identifier(event.type)}` }]),
          ),
          bindings: { kafka: { topic: topic.name, partitions: topic.partitions, bindingVersion: '0.5.0' } },
          'x-published-by': [...topic.owners],
        },
      ]),
    ),
    operations: Object.fromEntries(
      byTopic.map(({ name }) => [
        `publish${name.charAt(0).toUpperCase()}${name.slice(1)}`,
        { action: 'send', channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
    components: { messages, messageTraits: { cloudEvent: cloudEvent() }, schemas: schemas.sorted() },
  };
}

function message(event: EventDefinition, schemas: Schemas): Json {
  return {
    name: event.type,
    title: event.type,
    contentType: 'application/json',
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: schemas.of(event.body, 'output'),
    'x-snapshot': event.snapshot,
  };
}

function cloudEvent(): Json {
  const text = (description: string, more: JsonObject = {}): Json => ({ type: 'string', description, ...more });
  return {
    headers: {
      type: 'object',
      required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'],
      properties: {
        ce_specversion: { const: '1.0' },
        ce_id: text('Unique per event.', { format: 'uuid' }),
        ce_type: text('Name and version of the event.'),
        ce_source: text('The service that tells it.'),
        ce_time: text('When it was written.', { format: 'date-time' }),
        ce_subject: text('The versioned unit.'),
        traceparent: text('W3C trace context.'),
      },
    },
  };
}

/** Every generated document, by its path below `generated/`. */
export function documents(services: readonly ServiceName[]): Map<string, JsonObject> {
  return new Map([
    ...services.map((service): [string, JsonObject] => [`openapi/${service}.json`, openApiOf(service)]),
    ['openapi.json', mergedOpenApi()],
    ['asyncapi.json', asyncApi()],
  ]);
}
