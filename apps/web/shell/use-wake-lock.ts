import { useEffect } from 'react';

/** Keeps the screen on while `wanted`; asked for anew each time the page is seen again, since the browser lets go of it. */
export function useWakeLock(wanted = true): void {
  useEffect(() => {
    if (!wanted) return undefined;
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible') return;
      // Refused on a low battery, absent in old browsers: the screen then goes off as it always did.
      const got = await navigator.wakeLock?.request('screen').catch(() => undefined);
      if (over) await got?.release();
      else lock = got;
    };
    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      over = true;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, [wanted]);
}
