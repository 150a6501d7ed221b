import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';

/** What the camera sees, one after the other; after the last scene Chromium begins again with the first. */
export interface Film {
  /** With a PNG (its content or its path) a badge held in the middle, without one an empty hall. */
  readonly scenes: readonly { readonly png?: Buffer | string; readonly seconds: number }[];
  /** Default 5: a frame takes 1.4 MB. */
  readonly framesPerSecond?: number;
}

// Taken once: jest looks each global up anew, which for every pixel takes seconds.
const { floor, imul, max, round } = Math;

const width = 1280;
const height = 720;
/** Of a badge's longer side, as someone holds it out to a door's phone. */
const badgePixels = 460;

interface Picture {
  readonly luma: Buffer;
  readonly chroma: Buffer;
}

const folders: string[] = [];

/**
 * Writes a film for `openPage({ camera })` and returns its path: Y4M, 1280x720, 4:2:0. One PNG alone is held for a second,
 * with half a second of nothing after it.
 */
export function fakeCamera(film: Buffer | string | Film): string {
  const { scenes, framesPerSecond = 5 }: Film =
    typeof film === 'string' || Buffer.isBuffer(film)
      ? { scenes: [{ png: film, seconds: 1 }, { seconds: 0.5 }], framesPerSecond: 2 }
      : film;
  const folder = mkdtempSync(join(tmpdir(), 'plenary-camera-'));
  folders.push(folder);
  const path = join(folder, 'film.y4m');
  const file = openSync(path, 'w');
  try {
    writeSync(file, `YUV4MPEG2 W${width} H${height} F${framesPerSecond}:1 Ip A1:1 C420jpeg\n`);
    const hall = emptyHall();
    for (const { png, seconds } of scenes) {
      const picture = png ? held(typeof png === 'string' ? readFileSync(png) : png, hall) : hall;
      // A scene has at least one frame.
      for (let frame = 0; frame < max(1, round(seconds * framesPerSecond)); frame += 1) {
        writeSync(file, 'FRAME\n');
        writeSync(file, picture.luma);
        writeSync(file, picture.chroma);
      }
    }
  } finally {
    closeSync(file);
  }
  return path;
}

/** Throws the films away. Runs by itself after the last test of a spec file. */
export function removeFilms(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A dim hall: darker at the floor, uneven as a sensor sees it, the same every time. */
function emptyHall(): Picture {
  const luma = Buffer.alloc(width * height);
  let noise = 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      noise = (imul(noise, 1_103_515_245) + 12_345) >>> 0;
      const pillar = floor(x / 160) % 2 === 0 ? 8 : 0;
      luma[y * width + x] = 120 - floor((y / height) * 50) + pillar + ((noise >>> 16) % 9);
    }
  }
  return { luma, chroma: Buffer.alloc((width * height) / 2, 128) };
}

/** The PNG on a white card in the middle of the hall, without colour: what reads a QR code looks at brightness alone. */
function held(png: Buffer, hall: Picture): Picture {
  const image = PNG.sync.read(png);
  const scale = badgePixels / max(image.width, image.height);
  const [shownWidth, shownHeight] = [round(image.width * scale), round(image.height * scale)];
  const [left, top] = [floor((width - shownWidth) / 2), floor((height - shownHeight) / 2)];
  const luma = Buffer.from(hall.luma);
  const margin = 40;
  for (let y = top - margin; y < top + shownHeight + margin; y += 1)
    luma.fill(235, y * width + left - margin, y * width + left + shownWidth + margin);
  for (let y = 0; y < shownHeight; y += 1) {
    for (let x = 0; x < shownWidth; x += 1) {
      luma[(top + y) * width + left + x] = brightness(image, floor(x / scale), floor(y / scale));
    }
  }
  return { luma, chroma: hall.chroma };
}

/** Luma of a pixel after ITU-R BT.601, from 16 (black) to 235 (white), over white where it is transparent. */
function brightness({ data, width }: PNG, x: number, y: number): number {
  const at = (y * width + x) * 4;
  const luma = 0.299 * data.readUInt8(at) + 0.587 * data.readUInt8(at + 1) + 0.114 * data.readUInt8(at + 2);
  const alpha = data.readUInt8(at + 3);
  return round(16 + (219 / 255) * ((luma * alpha + 255 * (255 - alpha)) / 255));
}
