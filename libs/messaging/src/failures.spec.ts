import { QueryFailedError } from 'typeorm';
import { isInfrastructureFailure, isSerialisationFailure, nameOf } from './failures';

const driver = (code: string) => Object.assign(new Error('from the driver'), { code });
const wrapped = (code: string) => new QueryFailedError('SELECT 1', [], driver(code));

describe('failures', () => {
  it('sees through TypeORM and causes', () => {
    expect(isSerialisationFailure(wrapped('40P01'))).toBe(true);
    expect(isSerialisationFailure(new Error('outer', { cause: wrapped('40001') }))).toBe(true);
    expect(isSerialisationFailure(wrapped('23505'))).toBe(false);
  });

  it.each(['08006', '53300', '57P01', '57P03', '58030', '25006', '40P01', 'ECONNREFUSED', 'ECONNRESET'])(
    '%s is the infrastructure',
    (code) => {
      expect(isInfrastructureFailure(wrapped(code))).toBe(true);
    },
  );

  it.each(['23505', '22P02', '42P01', '25P02', '57014'])('%s is not', (code) => {
    expect(isInfrastructureFailure(wrapped(code))).toBe(false);
  });

  it('knows what pg and its pool tell by their message alone', () => {
    expect(isInfrastructureFailure(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isInfrastructureFailure(new Error('timeout exceeded when trying to connect'))).toBe(true);
    // A server that stands still: it would have cancelled the statement before.
    expect(isInfrastructureFailure(new Error('Query read timeout'))).toBe(true);
    expect(isInfrastructureFailure(new TypeError('x is not a function'))).toBe(false);
    const circle: { cause?: unknown } = {};
    circle.cause = circle;
    expect(isInfrastructureFailure(circle)).toBe(false);
  });

  it('names an error without its message', () => {
    expect(nameOf(wrapped('23505'))).toBe('QueryFailedError 23505');
    expect(nameOf(new TypeError('Mary'))).toBe('TypeError');
    expect(nameOf('Mary')).toBe('string');
  });
});
