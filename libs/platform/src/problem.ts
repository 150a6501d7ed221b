import { type ProblemDocument } from '@plenary/contracts';

export interface ProblemExtra {
  errors?: { path: string; code: string; message: string }[];
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number;
}

/** An error that people get to read: RFC 9457 with a stable `code`. */
export class Problem extends Error {
  readonly errors: ProblemDocument['errors'];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    extra: ProblemExtra = {},
  ) {
    super(`${status} ${code}: ${detail}`);
    this.name = 'Problem';
    this.errors = extra.errors;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }

  /** 404 `not_found`; `what` in lower case: `registration`. */
  static notFound(what: string): Problem {
    return new Problem(404, 'not_found', `There is no such ${what}. Check the address.`);
  }

  /** 503 for what will pass by itself. */
  static unavailable(detail = 'The service cannot answer just now. Try again in a moment.'): Problem {
    return new Problem(503, 'temporarily_unavailable', detail, { retryAfterSeconds: 1 });
  }

  document(traceId?: string): ProblemDocument {
    return {
      type: `urn:plenary:problem:${this.code}`,
      title: titles[this.status] ?? 'Error',
      status: this.status,
      code: this.code,
      detail: this.detail,
      ...(this.errors ? { errors: this.errors } : {}),
      ...(traceId ? { traceId } : {}),
    };
  }
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** Postgres refuses these characters in text: the request is to blame. NUL (22021, 22P05). */
const untranslatable = new Set(['22021', '22P05']);
/** Connections that fail, are cut or find no room; a server that stops, starts or cancels a statement. */
const passing = /^(08|53|57P0|57014|55P03|25006|25P03|40001|40P01)/;
const networkFailures = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What an error is told as. Anything that is not meant for people is a 500 without particulars. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code, status, statusCode, message = '' } = describe(error);
  if (typeof code === 'string') {
    if (untranslatable.has(code)) {
      return new Problem(400, 'request_invalid', 'The request holds a character that cannot be stored. Remove it.');
    }
    if (passing.test(code) || networkFailures.has(code)) return Problem.unavailable();
  }
  // pg, its pool and TypeORM name these by message alone.
  if (
    /^(timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after|Client has encountered a connection error|Query read timeout|Query runner already released|Driver not Connected)/.test(
      message,
    )
  ) {
    return Problem.unavailable();
  }
  return (
    ofHttp(status ?? statusCode) ??
    new Problem(
      500,
      'internal_error',
      'Something went wrong on our side. Try again; if it stays, give the trace id to the operator.',
    )
  );
}

/** Errors of Fastify and Nest themselves, before a handler was reached. */
function ofHttp(status: number | undefined): Problem | undefined {
  switch (status) {
    case 400:
      return new Problem(400, 'request_invalid', 'The request is malformed. Check address, headers and body.');
    case 404:
      return new Problem(404, 'not_found', 'There is nothing at this address. Check it against the API description.');
    case 408:
      return new Problem(408, 'request_timeout', 'The request took too long to arrive. Send it again.');
    case 413:
      return new Problem(413, 'body_too_large', 'The request body is too large. Send less at once.');
    case 414:
      return new Problem(414, 'address_too_long', 'The address is too long. Shorten it.');
    case 415:
      return new Problem(415, 'media_type_unsupported', 'This media type is not taken here. Send application/json.');
    case 431:
      return new Problem(431, 'headers_too_large', 'The request headers are too large. Send fewer.');
    case 503:
      return Problem.unavailable();
    default:
      return undefined;
  }
}

function describe(error: unknown): { code?: unknown; status?: number; statusCode?: number; message?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const { driverError, ...own } = error as { driverError?: unknown };
  // TypeORM wraps what pg threw.
  const source = (typeof driverError === 'object' && driverError !== null ? driverError : error) as {
    code?: unknown;
    status?: number;
    statusCode?: number;
    message?: string;
    getStatus?: () => number;
  };
  void own;
  const status = typeof source.getStatus === 'function' ? source.getStatus() : source.status;
  return {
    code: source.code,
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof source.statusCode === 'number' ? { statusCode: source.statusCode } : {}),
    ...(typeof source.message === 'string' ? { message: source.message } : {}),
  };
}
