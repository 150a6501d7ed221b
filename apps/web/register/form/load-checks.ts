/**
 * The checks with the contracts' schemas: half of the form's code, asked for once the fields can be seen. Awaited one after the
 * other, since a bundle does not keep the order of two imports in which one has effects and the other is said to have none.
 */
export const checks = async () => {
  await import('./zod-without-eval');
  return import('./checks');
};
