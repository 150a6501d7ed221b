import jsQR from 'jsqr';
import { create } from 'qrcode';
import { qrPath } from './qr-path';

/** Draws the path, each module 4 pixels wide, as a reader would see it. */
function drawn({ path, view }: ReturnType<typeof qrPath>): Uint8ClampedArray {
  const scale = 4;
  const pixels = new Uint8ClampedArray((view * scale) ** 2 * 4).fill(255);
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column += 1) {
        pixels.fill(0, (row * view * scale + column) * 4, (row * view * scale + column) * 4 + 3);
      }
    }
  }
  return pixels;
}

it.each(['https://plenary.example/door', 'https://plenary.example/door#enrol=7KQ2-M0XD-93TV'])(
  'a drawn QR code says %s',
  (text) => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    const code = qrPath(modules.size, (row, column) => modules.get(row, column) === 1);
    expect(code.view).toBe(modules.size + 8);
    expect(jsQR(drawn(code), code.view * 4, code.view * 4)?.data).toBe(text);
  },
);
