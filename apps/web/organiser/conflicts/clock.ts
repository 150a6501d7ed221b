/** How a device's clock stood: `offsetMs` is server minus device, so a clock that is ahead has a negative one. */
export function clockOf(offsetMs: number | null): {
  stands: 'unknown' | 'right' | 'fast' | 'slow';
  minutes: number;
  seconds: number;
} {
  if (offsetMs === null) return { stands: 'unknown', minutes: 0, seconds: 0 };
  const whole = Math.round(Math.abs(offsetMs) / 1000);
  const [minutes, seconds] = [Math.floor(whole / 60), whole % 60];
  // A second is what the way through the network takes.
  return { stands: whole <= 1 ? 'right' : offsetMs < 0 ? 'fast' : 'slow', minutes, seconds };
}
