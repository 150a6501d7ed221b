import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';

const here = __dirname;
const languages = ['en', 'zh-CN'] as const;
const catalogues = readdirSync(join(here, 'i18n/en')).map((file) => file.replace(/\.json$/, ''));

/** Key path -> message, of one catalogue. */
function messagesOf(language: string, catalogue: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (tree: object, path: string) => {
    for (const [key, value] of Object.entries(tree)) {
      const at = path ? `${path}.${key}` : key;
      if (typeof value === 'string') found.set(at, value);
      else walk(value, at);
    }
  };
  walk(JSON.parse(readFileSync(join(here, 'i18n', language, `${catalogue}.json`), 'utf8')), '');
  return found;
}

/** Names of what a message is filled with, tags too, sorted. */
function argumentsOf(message: string): string[] {
  const names = new Set<string>();
  const walk = (elements: MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      names.add(element.type === TYPE.tag ? `<${element.value}>` : element.value);
      if (element.type === TYPE.tag) walk(element.children);
      if (element.type === TYPE.plural || element.type === TYPE.select) {
        for (const option of Object.values(element.options)) walk(option.value);
      }
    }
  };
  walk(parse(message));
  return [...names].sort();
}

/** Every source of the app but the tests. */
const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.spec\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
  .map((file) => readFileSync(join(here, file), 'utf8'));
const written = new Set(
  sources.flatMap((source) => [...source.matchAll(/['"`]([\w.-]+)['"`]/g)].map(([, text]) => text)),
);
/** Templates such as `verdict.${reason}`, as patterns of the keys that they can become. */
const templates = sources
  .flatMap((source) => [...source.matchAll(/`([\w.${}()[\]?:'"! -]*\$\{[^`]*)`/g)].map(([, text]) => text as string))
  .map((text) => text.replace(/\$\{[^}]*\}/g, '*'))
  .filter((text) => /^[\w.*-]+$/.test(text) && text.replaceAll('*', '') !== '')
  .map((text) => new RegExp(`^${text.replaceAll('.', '\\.').replaceAll('*', '[\\w.-]+')}$`));

/** A key may be written whole, or from any of its levels on, below the namespace of a `useTranslations('a.b')`. */
function isUsed(path: string): boolean {
  const levels = path.split('.');
  return levels.some((_, from) => {
    const rest = levels.slice(from).join('.');
    return written.has(rest) || templates.some((template) => template.test(rest));
  });
}

describe.each(catalogues)('the catalogue %s', (catalogue) => {
  const [en, zh] = languages.map((language) => messagesOf(language, catalogue)) as [
    Map<string, string>,
    Map<string, string>,
  ];

  it('says the same things in both languages', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it('is filled with the same arguments in both languages', () => {
    const differing = [...en].filter(
      ([key, message]) => String(argumentsOf(message)) !== String(argumentsOf(zh.get(key) ?? '')),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it('has no empty message, no exclamation mark, and hanzi without Latin punctuation', () => {
    for (const [key, message] of [...en, ...zh])
      expect([key, message]).toEqual([key, expect.stringMatching(/^[^!！]+$/)]);
    const latin = [...zh].filter(([, message]) => /\p{Script=Han}[,;:?]/u.test(message.replace(/\{[^}]*\}/g, '')));
    expect(latin).toEqual([]);
  });

  it('has no message that nobody uses', () => {
    expect([...en.keys()].filter((key) => !isUsed(key))).toEqual([]);
  });
});

it('finds a key that nobody uses', () => {
  expect(isUsed('nobody.says.this')).toBe(false);
  expect(isUsed('problems.unreachable')).toBe(true);
});
