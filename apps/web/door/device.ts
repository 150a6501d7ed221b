import type { AnswerOf, routes } from '@plenary/contracts';

/** What this phone knows of itself as a door, kept in the browser until it is forgotten. */
export interface Device {
  token: string;
  id: string;
  name: string;
  conferenceId: string;
  /** null: the conference was not known where the device was enrolled; it is looked up by its id. */
  slug: string | null;
  gateId?: string;
  direction?: 'entry' | 'exit';
  /** The camera that was chosen; without one the browser picks one that looks away from the screen. */
  cameraId?: string | undefined;
  /** Verdicts stay until Next is pressed. */
  stay?: boolean;
  /** A hand scanner was used here: then a pause of it must be told. */
  handScanner?: boolean;
  /** `event.code` of the keys that the hand scanner sends before and after a code. */
  prefixKey?: string | undefined;
  suffixKey?: string | undefined;
}

const key = 'plenary.door';
const previousKey = 'plenary.door.previous';

export function readDevice(): Device | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return isDevice(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** False where the browser does not let us: then the device must be enrolled again after a reload. */
export function keepDevice(device: Device): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(device));
    return true;
  } catch {
    return false;
  }
}

/** The device is not this phone's any more; its id is told at the next enrolment if it was removed from outside. */
export function forgetDevice(previousId?: string): void {
  try {
    localStorage.removeItem(key);
    if (previousId) localStorage.setItem(previousKey, previousId);
    else localStorage.removeItem(previousKey);
  } catch {
    // Nothing was kept where nothing may be.
  }
}

export function previousDeviceId(): string | undefined {
  try {
    return localStorage.getItem(previousKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export function deviceFrom(enrolled: AnswerOf<typeof routes.enrolDevice>): Device {
  const { deviceToken, device, conference } = enrolled;
  return { token: deviceToken, id: device.id, name: device.name, conferenceId: conference.id, slug: conference.slug };
}

function isDevice(kept: unknown): kept is Device {
  const { token, id, name, conferenceId, slug } = (kept ?? {}) as Partial<Device>;
  const texts = [token, id, name, conferenceId].every((one) => typeof one === 'string');
  return texts && (slug === null || typeof slug === 'string');
}
