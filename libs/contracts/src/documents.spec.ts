import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents';
import { services } from './event';
import { events, routes } from './index';

const generated = join(__dirname, '../generated');
const all = documents(services);
type Operation = { operationId: string; responses: Record<string, unknown>; security: unknown[] };
const merged = all.get('openapi.json') as unknown as { paths: Record<string, Record<string, Operation>> };

function* refsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value)) {
    if (key === '$ref' && typeof one === 'string') yield one;
    else yield* refsIn(one);
  }
}

describe('generated documents', () => {
  it.each([...all.keys()])('%s is up to date (node dist/libs/contracts/src/documents.cli.js writes it)', (path) => {
    expect(JSON.parse(readFileSync(join(generated, path), 'utf8'))).toEqual(all.get(path));
  });

  it('there is no document of something that is gone', () => {
    const files = readdirSync(generated, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    );
    expect(files.sort()).toEqual([...all.keys()].sort());
  });

  it.each([...all.keys()])('%s refers to nothing that is missing', (path) => {
    const document = all.get(path);
    for (const ref of refsIn(document)) {
      const target = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
      expect([ref, typeof target]).toEqual([ref, 'object']);
    }
  });

  it('has one operation per route, with its status and who may call', () => {
    const operations = new Map(
      Object.values(merged.paths)
        .flatMap((path) => Object.values(path))
        .map((operation) => [operation.operationId, operation]),
    );
    expect([...operations.keys()].sort()).toEqual(Object.keys(routes).sort());
    for (const route of Object.values(routes)) {
      const operation = operations.get(route.id);
      expect(operation?.responses).toHaveProperty([String(route.status)]);
      expect((operation?.security ?? []).some((one) => JSON.stringify(one) === '{}')).toBe(
        (route.who as readonly string[]).includes('anyone'),
      );
    }
  });

  it('has one message per event', () => {
    const { components } = all.get('asyncapi.json') as unknown as {
      components: { messages: Record<string, { name: string }> };
    };
    expect(Object.values(components.messages).map(({ name }) => name)).toEqual([...events.keys()]);
  });
});
