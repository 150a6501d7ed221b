import type { RouteDefinition } from '@plenary/contracts';
import type { z } from 'zod';
import { hashOf, type IdempotencyKey } from './idempotency';
import { Problem } from './problem';

export interface FieldError {
  path: string;
  code: string;
  message: string;
}

/** Longest list of errors in one answer. */
const TOLD = 50;

/** Params, query and body by the contract; 400 `request_invalid` naming every field at fault. */
export function validated(
  route: RouteDefinition,
  request: { params: unknown; query: unknown; body: unknown },
): { params: unknown; query: unknown; body: unknown } {
  const params = route.params.safeParse(request.params ?? {});
  const query = route.query.safeParse(request.query ?? {});
  const body = route.body.safeParse(request.body);
  if (params.success && query.success && body.success) {
    return { params: params.data, query: query.data, body: body.data };
  }
  const errors = [
    ...(params.success ? [] : fieldErrors(params.error, 'params')),
    ...(query.success ? [] : fieldErrors(query.error, 'query')),
    ...(body.success ? [] : fieldErrors(body.error, '')),
  ].slice(0, TOLD);
  const fields = errors.map((error) => error.path || 'body').join(', ');
  throw new Problem(400, 'request_invalid', `These parts of the request are not valid: ${fields}. See \`errors\`.`, {
    errors,
  });
}

/** Body fields by their own path (`person.email`), others with where they stand (`query.limit`). */
export function fieldErrors(error: z.ZodError, where: string): FieldError[] {
  return error.issues.flatMap((issue) => {
    const path = [where, ...issue.path.map(String)].filter(Boolean).join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: path ? `${path}.${key}` : key,
        code: 'unknown_field',
        message: 'There is no such field.',
      }));
    }
    return [{ path, code: issue.code, message: issue.message }];
  });
}

/** `Prefer: wait=N` in ms, at most 10 s; 0 without. */
export function waitOf(prefer: string | string[] | undefined): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(
    Array.isArray(prefer) ? prefer.join(',') : (prefer ?? ''),
  );
  return seconds ? Math.min(Number(seconds[1]), 10) * 1000 : 0;
}

/** 400 `idempotency_key_invalid` unless the header is 1 to 255 visible characters. */
export function idempotencyKeyOf(
  header: string | string[] | undefined,
  scope: string,
  request: { query: unknown; body: unknown },
): IdempotencyKey | undefined {
  if (header === undefined) return undefined;
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw new Problem(
      400,
      'idempotency_key_invalid',
      'Idempotency-Key must be 1 to 255 visible ASCII characters. A UUID is a good choice.',
    );
  }
  return { scope, key: header, requestHash: hashOf({ query: request.query, body: request.body }) };
}
