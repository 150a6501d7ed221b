import { Client } from '@plenary/contracts';

export { routes } from 'virtual:routes';
export { ApiError } from '@plenary/contracts';

/** Calls of nobody in particular, to the page's own origin. Others are made by `api.as(token)`. */
export const api = new Client('');
