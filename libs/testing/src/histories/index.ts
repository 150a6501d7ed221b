export * from './door.model';
export * from './explain';
export * from './operation';
export * from './seeded';
export * from './sub-forum.model';
