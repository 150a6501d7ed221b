import { ApiError } from '@plenary/contracts';

/** The server knows this device no more. */
export class DeviceRemoved extends Error {
  override readonly name = 'DeviceRemoved';
}

export const isRemoval = (error: unknown): boolean => error instanceof ApiError && error.status === 401;
