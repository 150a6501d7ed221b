import { Config } from './config';

const env = {
  PORT: '8083',
  DATABASE_URL: 'postgres://plenary_badge:secret-word@127.0.0.1:5432/plenary',
  KAFKA_BROKERS: 'a:9092, b:9092',
  LINK_KEY: Buffer.alloc(32, 1).toString('base64url'),
};

describe('config', () => {
  it('reads the environment once, with defaults', () => {
    expect(new Config('badge', { ...env, PUBLIC_URL: 'https://plenary.example/', LOG_LEVEL: '' })).toMatchObject({
      service: 'badge',
      port: 8083,
      host: '127.0.0.1',
      brokers: ['a:9092', 'b:9092'],
      publicUrl: 'https://plenary.example',
      identityUrl: 'http://127.0.0.1:8086',
      linkKey: Buffer.alloc(32, 1),
      demo: false,
      checkAnswers: false,
      logLevel: 'info',
    });
    expect(new Config('badge', { ...env, PLENARY_DEMO: '1', NODE_ENV: 'test' })).toMatchObject({
      demo: true,
      checkAnswers: true,
    });
  });

  it('names every variable at fault in one line, and no value', () => {
    const broken = { ...env, PORT: 'x', LINK_KEY: 'c2hvcnQ', KAFKA_BROKERS: '', DATABASE_URL: 'mysql://secret-word' };
    const faults = (): unknown => new Config('badge', broken);
    expect(faults).toThrow(
      /^Configuration: .*PORT.*DATABASE_URL.*KAFKA_BROKERS is missing.*LINK_KEY: shorter than 32 bytes\.$/,
    );
    expect(faults).not.toThrow(/secret-word|\n/);
  });
});
