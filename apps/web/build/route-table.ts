import type { Plugin } from 'vite';
import { type RouteDefinition, routes } from '../../../libs/contracts/src';

/**
 * `virtual:routes`: method, path and roles of every route, taken from the contracts when the app is built. Types come from the
 * contracts themselves, so calls are checked in full while no page carries the schemas of seventy routes.
 */
export function routeTable(): Plugin {
  const id = 'virtual:routes';
  return {
    name: 'plenary-route-table',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load(wanted) {
      if (wanted !== `\0${id}`) return undefined;
      const table = Object.values(routes as Record<string, RouteDefinition>).map((route) => [
        route.id,
        { id: route.id, method: route.method, path: route.path, who: route.who },
      ]);
      return `export const routes = ${JSON.stringify(Object.fromEntries(table))}`;
    },
  };
}
