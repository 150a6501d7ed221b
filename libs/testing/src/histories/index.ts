export * from './door.model';
export * from './explain';
export * from './operation';
export * from './sub-forum.model';
