import { existsSync, statSync } from 'node:fs';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { toBuffer } from 'qrcode';
import { fakeCamera, openPage, type Page, shot } from './browser';
import { opened, serve } from './own-page';

describe('fonts', () => {
  it('draw Latin letters and hanzi, not boxes', async () => {
    const page = await opened('<p lang="zh">欧阳明慧</p>', 'p { font: 40px system-ui }');
    const ink = await page.evaluate(() => {
      const drawn = (text: string, weight: string) => {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        if (!context) throw new Error('no canvas');
        context.font = `${weight} 40px system-ui`;
        context.fillText(text, 10, 60);
        return context.getImageData(0, 0, 300, 150).data.join('');
      };
      // The last is in a private area that no font fills: how a missing glyph looks.
      return ['汉', '字', 'é', 'Q', '\ue123'].flatMap((text) => [drawn(text, '400'), drawn(text, '700')]);
    });
    // Nine pictures of ten: a glyph that is missing may look alike in both weights.
    expect(new Set(ink).size).toBeGreaterThanOrEqual(9);
    expect(statSync(await shot(page, 'rig fonts')).size).toBeGreaterThan(1_000);
  });
});

describe('the camera', () => {
  const text = `PLENARY:${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.repeat(3).slice(0, 127)}`;

  it('shows a badge that reads as what it says, and then none', async () => {
    const png = await toBuffer([{ data: text, mode: 'alphanumeric' }], {
      errorCorrectionLevel: 'M',
      scale: 7,
      margin: 4,
    });
    const camera = fakeCamera({ scenes: [{ seconds: 0.4 }, { png, seconds: 0.4 }], framesPerSecond: 5 });
    expect(existsSync(camera)).toBe(true);
    const page = await openPage({ camera });
    await serve(page, '/__camera', '<!doctype html><title>Camera</title><video muted></video><canvas></canvas>');
    await page.goto('/__camera');
    await page.evaluate(async () => {
      const video = document.querySelector('video');
      if (!video) throw new Error('no video');
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
      await video.play();
    });
    const seen = new Set<string | undefined>();
    for (let frame = 0; frame < 60 && seen.size < 2; frame += 1) {
      const { data, width, height } = PNG.sync.read(await nextFrame(page));
      expect([width, height]).toEqual([640, 360]);
      seen.add(jsQR(new Uint8ClampedArray(data), width, height)?.data);
    }
    expect(seen).toEqual(new Set([undefined, text]));
  });

  async function nextFrame(page: Page): Promise<Buffer> {
    const url = await page.evaluate(async () => {
      const video = document.querySelector('video') as HTMLVideoElement;
      const canvas = document.querySelector('canvas') as HTMLCanvasElement;
      await new Promise((shown) => video.requestVideoFrameCallback(shown));
      // Half the size is read four times as fast.
      [canvas.width, canvas.height] = [video.videoWidth / 2, video.videoHeight / 2];
      canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/png');
    });
    return Buffer.from(url.split(',')[1] ?? '', 'base64');
  }
});
