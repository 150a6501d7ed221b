import { problem } from '@plenary/contracts';
import { Problem, problemOf } from './problem';

const failure = (fields: object, message = 'boom') => Object.assign(new Error(message), fields);

describe('problems', () => {
  it('are told as RFC 9457 with a code', () => {
    const errors = [{ path: 'choices.1', code: 'choices_overlap', message: 'overlaps' }];
    const document = new Problem(422, 'choices_overlap', 'Two overlap. Drop one.', { errors }).document('abc');
    expect(problem.parse(document)).toEqual({
      type: 'urn:plenary:problem:choices_overlap',
      title: 'Unprocessable Content',
      status: 422,
      code: 'choices_overlap',
      detail: 'Two overlap. Drop one.',
      errors,
      traceId: 'abc',
    });
  });

  it.each([
    ['a refused connection', failure({ code: 'ECONNREFUSED' }), 503, 'temporarily_unavailable'],
    ['a full pool', failure({}, 'timeout exceeded when trying to connect'), 503, 'temporarily_unavailable'],
    ['a cut connection', failure({}, 'Connection terminated unexpectedly'), 503, 'temporarily_unavailable'],
    [
      'a cut connection in the middle of a transaction',
      failure({}, 'Query runner already released. Cannot run queries anymore.'),
      503,
      'temporarily_unavailable',
    ],
    ['a server that stops', failure({ code: '57P01' }), 503, 'temporarily_unavailable'],
    ['a statement that took too long', failure({ code: '57014' }), 503, 'temporarily_unavailable'],
    ['what TypeORM wraps', failure({ driverError: failure({ code: '57P03' }) }), 503, 'temporarily_unavailable'],
    ['a deadlock that stayed', failure({ code: '40P01' }), 503, 'temporarily_unavailable'],
    ['a NUL in a text', failure({ code: '22021' }), 400, 'request_invalid'],
    ['a broken unique rule', failure({ code: '23505', detail: 'Key (email)=(a@b.c)' }), 500, 'internal_error'],
    ['a body over the limit', failure({ statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' }), 413, 'body_too_large'],
    ['what Nest says of an address', failure({ getStatus: () => 404 }), 404, 'not_found'],
    ['a bug', new TypeError('x is not a function'), 500, 'internal_error'],
    ['no error at all', 'text', 500, 'internal_error'],
    ['nothing', undefined, 500, 'internal_error'],
  ])('%s', (_, error, status, code) => {
    const told = problemOf(error);
    expect([told.status, told.code]).toEqual([status, code]);
    expect(JSON.stringify(told.document())).not.toMatch(/a@b\.c|boom|function/);
    expect(told.retryAfterSeconds).toBe(status === 503 ? 1 : undefined);
  });
});
