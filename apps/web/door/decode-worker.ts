import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url';

/** The part of a worker's own scope that is used here. */
interface Scope {
  onmessage: ((message: MessageEvent<ImageBitmap>) => void) | null;
  postMessage(message: Decoded): void;
}
export type Decoded = { texts: string[] } | { failed: string } | { ready: true };

const scope = globalThis as unknown as Scope;
let canvas: OffscreenCanvas | undefined;

// The module comes from our own origin; its default is a CDN.
const ready = prepareZXingModule({ overrides: { locateFile: () => wasmUrl }, fireImmediately: true });
ready.then(
  () => scope.postMessage({ ready: true }),
  (error: unknown) => scope.postMessage({ failed: String(error) }),
);

/** One picture at a time: the page sends the next when this one is answered. */
scope.onmessage = async ({ data: picture }) => {
  try {
    const { width, height } = picture;
    if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
    const drawing = canvas.getContext('2d', { willReadFrequently: true });
    if (!drawing) throw new Error('no 2d canvas in this worker');
    drawing.drawImage(picture, 0, 0);
    picture.close();
    const found = await readBarcodes(drawing.getImageData(0, 0, width, height), {
      formats: ['QRCode'],
      textMode: 'Plain',
      maxNumberOfSymbols: 4,
      tryInvert: false,
    });
    scope.postMessage({ texts: found.map(({ text }) => text) });
  } catch (error) {
    scope.postMessage({ failed: String(error) });
  }
};
