/** What a camera sees: badges as PNG, one after the other. */
export interface CameraFilm {
  /** A PNG, or nothing: the empty background. */
  readonly frames: readonly { readonly png?: Buffer; readonly seconds: number }[];
  readonly framesPerSecond?: number;
}

/** Writes a film for `openPage({ camera })` and returns its path. Being written. */
export function fakeCamera(_film: Buffer | CameraFilm): string {
  throw new Error('Being written');
}
