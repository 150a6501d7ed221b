/** Made by the plugins under `build/`. */
declare module 'virtual:routes' {
  /** The routes of the contracts; at run time only `id`, `method`, `path` and `who` of each. */
  export const routes: typeof import('@plenary/contracts').routes;
}
declare module 'virtual:messages/*' {
  const messages: Record<string, unknown>;
  export default messages;
}
declare module '*.css';
