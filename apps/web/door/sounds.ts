import type { VerdictClass } from '../ui/verdict';

interface Tone {
  hz: number;
  ms: number;
  wave?: OscillatorType;
}
/** Told apart with the eyes on the queue: two tones up, three, a double note, a low buzz, two tones down. */
const tones: Record<VerdictClass, readonly Tone[]> = {
  in: [
    { hz: 880, ms: 90 },
    { hz: 1320, ms: 90 },
  ],
  in_offline: [
    { hz: 880, ms: 90 },
    { hz: 1320, ms: 90 },
    { hz: 1320, ms: 90 },
  ],
  hold: [
    { hz: 660, ms: 120 },
    { hz: 660, ms: 120 },
  ],
  stop: [{ hz: 220, ms: 400, wave: 'square' }],
  out: [
    { hz: 990, ms: 90 },
    { hz: 660, ms: 90 },
  ],
  none: [],
};
const vibrations: Record<VerdictClass, readonly number[]> = {
  in: [40],
  in_offline: [40, 40, 40],
  hold: [80, 60, 80],
  stop: [300],
  out: [40],
  none: [],
};
const PAUSE_S = 0.05;

let context: AudioContext | undefined;

/** Browsers let a page sound after a tap only: call this in the tap's own handler. */
export async function unlockSound(): Promise<void> {
  context ??= new AudioContext();
  if (context.state !== 'running') await context.resume();
}

/** Sounds and shakes for a verdict; nothing for what was not decided. Silent until unlocked. */
export function announce(verdict: VerdictClass): void {
  const vibration = vibrations[verdict];
  // Chrome refuses, with an error in its log, before the first tap.
  if (vibration.length > 0 && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([...vibration]);
  if (!context || context.state === 'closed') return;
  // iOS suspends after a call or an alarm.
  if (context.state !== 'running') void context.resume();
  let at = context.currentTime + 0.01;
  for (const { hz, ms, wave = 'sine' } of tones[verdict]) at = sound(context, hz, ms / 1000, wave, at) + PAUSE_S;
}

/** One note, faded at both ends so that it does not click. Returns when it ends. */
function sound(audio: AudioContext, hz: number, seconds: number, wave: OscillatorType, at: number): number {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = wave;
  oscillator.frequency.value = hz;
  const loud = wave === 'square' ? 0.35 : 0.6;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.008);
  gain.gain.setValueAtTime(loud, at + seconds - 0.012);
  gain.gain.linearRampToValueAtTime(0, at + seconds);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + seconds + 0.02);
  return at + seconds;
}
