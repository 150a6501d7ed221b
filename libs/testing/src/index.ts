export * from './database';
export * from './kafka';
export * from './stack';
export * from './until';
