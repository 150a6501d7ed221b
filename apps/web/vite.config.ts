import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { messages } from './build/messages';
import { routeTable } from './build/route-table';

const here = import.meta.dirname;
/** Where `npm run dev:web` finds the API: a system that runs. */
const system = process.env.PLENARY_URL ?? 'http://127.0.0.1:8080';
const lib = (name: string) => join(here, '../../libs', name, 'src/index.ts');

// A test that builds the system builds what is shipped: with its own NODE_ENV, React would be the one for developers.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** Three entries, one shell: `dist/web/{register,door,organiser}/index.html`, everything else under a hashed name. */
export default defineConfig({
  root: here,
  base: '/',
  plugins: [tailwind(), messages(join(here, 'i18n')), routeTable(), addresses()],
  resolve: {
    alias: {
      '@plenary/contracts': lib('contracts'),
      '@plenary/badge-token': lib('badge-token'),
      '@plenary/door-rules': lib('door-rules'),
      // Catalogues are compiled when the app is built, so the parser of ICU messages stays at home.
      'use-intl/format-message': 'use-intl/format-message/format-only',
    },
  },
  build: {
    outDir: join(here, '../../dist/web'),
    emptyOutDir: true,
    target: ['chrome111', 'safari16.4', 'firefox128'],
    // No data: URLs but the icons of the style sheet: what is a file is cached as a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // "use client" means nothing here: there is no server that renders.
      onLog: (level, log, tell) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
      input: Object.fromEntries(
        ['register', 'door', 'organiser'].map((entry) => [entry, join(here, entry, 'index.html')]),
      ),
      output: {
        codeSplitting: {
          groups: [
            // What pages share comes in few pieces: on a slow line every request costs a turn. Large parts that few pages use stay out.
            {
              name: 'shell',
              test: /web\/(shell|ui)\/(?!data-table|held-order|use-scrolls|verdict|dialog|meter)/,
              minShareCount: 2,
            },
            // The form needs these from its first step on; the picker, which brings the rest, from its fourth.
            { name: 'seats', test: /web\/register\/(programme\/(use-programme|seat-state)|plan\/)/, priority: 1 },
            { name: 'programme', test: /web\/register\/(programme|conferences)\// },
          ],
        },
      },
      // What a page takes from the contracts is all that it pays for.
      treeshake: {
        moduleSideEffects: (id) => !/\/libs\/(contracts|badge-token|door-rules)\/src\//.test(id),
        manualPureFunctions: ['defineRoute', 'defineEvent', 'z'],
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 8090,
    // A sign-in answers pages of the system's own origin alone.
    proxy: Object.fromEntries(
      ['/api', '/mark.svg'].map((path) => [path, { target: system, headers: { origin: system } }]),
    ),
  },
});

/** What the gateway does for the built pages: every address below an entry is answered by its page. */
function addresses(): Plugin {
  const entryOf = (url: string): string | undefined =>
    /^\/(c|r|g)(\/|\?|$)/.test(url)
      ? 'register'
      : /^\/door(\/|\?|$)/.test(url)
        ? 'door'
        : /^\/(organiser|s)(\/|\?|$)/.test(url)
          ? 'organiser'
          : undefined;
  return {
    name: 'plenary-addresses',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        const entry = entryOf(request.url ?? '');
        const isPage = String(request.headers.accept).includes('text/html');
        if (entry && isPage) request.url = `/${entry}/index.html`;
        next();
      });
    },
  };
}
