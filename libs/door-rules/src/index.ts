/** The rules of a door as pure functions: one code for the check-in service and for a door without network. */
export * from './calendar';
export * from './corrected-time';
export * from './gate-window';
export * from './stays';
export * from './verdict';
