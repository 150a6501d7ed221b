import type { Decoded } from './decode-worker';

/** Reads the QR codes in what the camera shows now. One picture at a time. */
export interface Decoder {
  read(video: HTMLVideoElement): Promise<string[]>;
  close(): void;
}

interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
interface NativeDetectors {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** The browser's own reader where it has one for QR codes, else ours, in a worker. Rejects where neither starts. */
export async function openDecoder(): Promise<Decoder> {
  const Native = (globalThis as { BarcodeDetector?: NativeDetectors }).BarcodeDetector;
  const formats = await Native?.getSupportedFormats().catch((): string[] => []);
  if (Native && formats?.includes('qr_code')) {
    const detector = new Native({ formats: ['qr_code'] });
    return {
      read: async (video) => (await detector.detect(video)).map(({ rawValue }) => rawValue),
      close: () => {},
    };
  }
  return workerDecoder();
}

/** More pixels than this read nothing more at arm's length. */
const MOST_PIXELS = 1080;

async function workerDecoder(): Promise<Decoder> {
  const worker = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' });
  const answer = () =>
    new Promise<Decoded>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Decoded>) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message || 'the worker did not start'));
    });
  try {
    const first = await answer();
    if ('failed' in first) throw new Error(first.failed);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    read: async (video) => {
      // The middle square, which is what the screen shows.
      const side = Math.min(video.videoWidth, video.videoHeight);
      const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
      const size = Math.min(side, MOST_PIXELS);
      const picture = await createImageBitmap(video, left, top, side, side, { resizeWidth: size, resizeHeight: size });
      const answered = answer();
      worker.postMessage(picture, [picture]);
      const decoded = await answered;
      if ('failed' in decoded) throw new Error(decoded.failed);
      return 'texts' in decoded ? decoded.texts : [];
    },
    close: () => worker.terminate(),
  };
}
