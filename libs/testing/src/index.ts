export * from './database';
export * from './fosdem';
export * from './kafka';
export * from './settled';
export * from './stack';
export * from './until';
