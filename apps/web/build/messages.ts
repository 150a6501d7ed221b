import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import compile from 'icu-minify/compile';
import type { Plugin } from 'vite';

const prefix = 'virtual:messages/';
/** Which catalogues an entry speaks from. */
const catalogues: Record<string, string[]> = {
  register: ['common', 'programme', 'register'],
  door: ['common', 'door'],
  organiser: ['common', 'organiser'],
};

/**
 * `virtual:messages/<language>/<entry>`: the catalogues of that entry in that language, their ICU messages compiled, as one
 * chunk of their own.
 */
export function messages(folder: string): Plugin {
  return {
    name: 'plenary-messages',
    resolveId: (id) => (id.startsWith(prefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${prefix}`)) return undefined;
      const [language, entry] = id.slice(prefix.length + 1).split('/') as [string, string];
      const loaded = (catalogues[entry] as string[]).map((name) => {
        const file = join(folder, language, `${name}.json`);
        this.addWatchFile(file);
        return [name, compiled(JSON.parse(readFileSync(file, 'utf8')))];
      });
      return `export default ${JSON.stringify(Object.fromEntries(loaded))}`;
    },
  };
}

/** The same tree with each message compiled. */
function compiled(tree: unknown): unknown {
  if (typeof tree === 'string') return compile(tree);
  return Object.fromEntries(Object.entries(tree as object).map(([key, value]) => [key, compiled(value)]));
}
