import { useCallback, useEffect, useRef, useState } from 'react';
import { type Decoder, openDecoder } from './decoder';

/** About 14 pictures a second: a badge held out for a moment is met, the phone stays cool. */
const FRAME_MS = 70;
/** Idle for so long, the camera sleeps: it eats a battery in a morning. */
export const SLEEP_MS = 60_000;
/** So many pictures in a row that could not be read at all. */
const MOST_FAILURES = 20;

export type CameraState = 'off' | 'starting' | 'on' | 'asleep' | 'denied' | 'absent' | 'busy' | 'insecure' | 'decoder';
export interface Camera {
  state: CameraState;
  /** Give it to the `<video>`. */
  video: (element: HTMLVideoElement | null) => void;
  cameras: readonly MediaDeviceInfo[];
  /** undefined: this camera has none. */
  torch: boolean | undefined;
  switchTorch: () => void;
  /** Somebody is here: wakes the camera, and keeps it awake for another minute. */
  wake: () => void;
  /** After it was denied or failed. */
  again: () => void;
}

type Torch = MediaTrackConstraintSet & { torch?: boolean };

/** The camera with its reader, while `wanted` and while the page is seen. `onSeen` gets the texts of each picture. */
export function useCamera(wanted: boolean, cameraId: string | undefined, onSeen: (texts: string[]) => void): Camera {
  const [state, setState] = useState<CameraState>('off');
  const [cameras, setCameras] = useState<readonly MediaDeviceInfo[]>([]);
  const [torch, setTorch] = useState<boolean>();
  const [asleep, setAsleep] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [element, video] = useState<HTMLVideoElement | null>(null);
  const visible = useVisible();
  const track = useRef<MediaStreamTrack>(undefined);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  const lastActive = useRef(performance.now());
  const wake = useCallback(() => {
    lastActive.current = performance.now();
    setAsleep(false);
  }, []);
  const again = useCallback(() => setAttempt((one) => one + 1), []);

  useEffect(() => {
    if (!wanted) return undefined;
    wake();
    const timer = setInterval(() => setAsleep(performance.now() - lastActive.current >= SLEEP_MS), 1_000);
    for (const kind of ['pointerdown', 'keydown'] as const) addEventListener(kind, wake, true);
    return () => {
      clearInterval(timer);
      for (const kind of ['pointerdown', 'keydown'] as const) removeEventListener(kind, wake, true);
    };
  }, [wanted, wake]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` starts it anew
  useEffect(() => {
    if (!wanted || !element || !visible || asleep) {
      setState(wanted && asleep ? 'asleep' : 'off');
      return undefined;
    }
    const stopping = new AbortController();
    setState('starting');
    run(element, cameraId, stopping.signal, {
      started: async (used) => {
        track.current = used;
        used.addEventListener('ended', again);
        setTorch('torch' in (used.getCapabilities?.() ?? {}) ? false : undefined);
        setState('on');
        const all = await navigator.mediaDevices.enumerateDevices();
        setCameras(all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== ''));
      },
      saw: (texts) => {
        if (texts.length > 0) lastActive.current = performance.now();
        seen.current(texts);
      },
      failed: setState,
    });
    return () => {
      stopping.abort();
      track.current = undefined;
      setTorch(undefined);
    };
  }, [wanted, element, visible, asleep, cameraId, attempt]);

  const switchTorch = useCallback(async () => {
    const on = !torch;
    await track.current?.applyConstraints({ advanced: [{ torch: on } as Torch] });
    setTorch(on);
  }, [torch]);

  return { state, video, cameras, torch, switchTorch: () => void switchTorch(), wake, again };
}

async function run(
  video: HTMLVideoElement,
  cameraId: string | undefined,
  stopped: AbortSignal,
  tell: {
    started: (track: MediaStreamTrack) => Promise<void>;
    saw: (texts: string[]) => void;
    failed: (state: CameraState) => void;
  },
): Promise<void> {
  if (!navigator.mediaDevices) {
    tell.failed('insecure');
    return;
  }
  let stream: MediaStream | undefined;
  let decoder: Decoder | undefined;
  const end = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    decoder?.close();
    video.srcObject = null;
  };
  stopped.addEventListener('abort', end);
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: wish(cameraId) }).catch((error: unknown) => {
      throw new Failure(kindOf(error));
    });
    if (stopped.aborted) return end();
    video.srcObject = stream;
    await video.play().catch(() => undefined);
    decoder = await openDecoder().catch(() => {
      throw new Failure('decoder');
    });
    if (stopped.aborted) return end();
    await tell.started(stream.getVideoTracks()[0] as MediaStreamTrack);
    await look(video, decoder, stopped, tell.saw);
  } catch (error) {
    end();
    if (!stopped.aborted) tell.failed(error instanceof Failure ? error.state : 'decoder');
  }
}

/** Reads picture after picture, never two at once. */
async function look(
  video: HTMLVideoElement,
  decoder: Decoder,
  stopped: AbortSignal,
  saw: (texts: string[]) => void,
): Promise<void> {
  let failures = 0;
  while (!stopped.aborted) {
    const startedAt = performance.now();
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      try {
        const texts = await decoder.read(video);
        failures = 0;
        if (!stopped.aborted) saw(texts);
      } catch (error) {
        failures += 1;
        if (failures >= MOST_FAILURES) throw error;
      }
    }
    const rest = Math.max(8, FRAME_MS - (performance.now() - startedAt));
    await new Promise((rested) => setTimeout(rested, rest));
  }
}

class Failure extends Error {
  constructor(readonly state: CameraState) {
    super(state);
  }
}

function wish(cameraId: string | undefined): MediaTrackConstraints {
  return {
    width: { ideal: 1920 },
    height: { ideal: 1080 },
    ...(cameraId ? { deviceId: { ideal: cameraId } } : { facingMode: 'environment' }),
  };
}

function kindOf(error: unknown): CameraState {
  const name = (error as { name?: string } | undefined)?.name;
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'absent' : 'busy';
}

/** Whether the page is seen: browsers stop a hidden page's camera, and iOS does not start it again by itself. */
function useVisible(): boolean {
  const [visible, setVisible] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  return visible;
}
