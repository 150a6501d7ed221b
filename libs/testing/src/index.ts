export { partitionOf } from '@plenary/messaging';
export * from './database';
export * from './fosdem';
export * from './histories';
export * from './kafka';
export * from './replicas';
export * from './settled';
export * from './stack';
export * from './until';
