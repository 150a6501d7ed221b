export default async function teardown(): Promise<void> {
  await (globalThis as { testInfrastructure?: { stop(): Promise<void> } }).testInfrastructure?.stop();
}
