import { useEffect, useRef, useState } from 'react';
import { BURST_GAP_MS, HandScanner, type ScannerKeys } from './hand-scanner';

export interface HandScannerState {
  /** An input method or another window takes the keys. */
  paused: boolean;
  resume: () => void;
}

/**
 * Listens to the keys of the whole page. Codes go to `onScan`; keys that a person pressed alone go where they always do, but
 * `/` and Escape go to `onShortcut`.
 */
export function useHandScanner(
  keys: ScannerKeys,
  on: { scan: (text: string) => void; shortcut: (key: '/' | 'Escape') => void },
): HandScannerState {
  const [paused, setPaused] = useState(false);
  const latest = useRef(on);
  latest.current = on;
  const { prefix, suffix } = keys;
  useEffect(() => {
    const scanner = new HandScanner({ prefix, suffix });
    let held: ReturnType<typeof setTimeout> | undefined;
    let spaceOn: HTMLElement | undefined;
    /** What a key that may begin a burst does, when no burst came. */
    const whenAlone = (act: () => void) => {
      clearTimeout(held);
      held = setTimeout(act, BURST_GAP_MS * 1.5);
    };
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const { code, shiftKey: shift, key, timeStamp: at } = event;
      const heard = scanner.press({ code, shift, key, at });
      const burst = scanner.lengthAt(at);
      if (burst > 1) clearTimeout(held);
      if (heard.swallow) {
        event.preventDefault();
        event.stopPropagation();
        // The keys are ours, but an input method made words of the first of them.
        if (event.isComposing) setPaused(true);
      }
      if (heard.scan !== undefined) latest.current.scan(heard.scan);
      if (burst > 1) return;
      const typing = isTyping(event.target);
      if (key === 'Escape') latest.current.shortcut('Escape');
      if (code === 'Slash' && !shift && !typing) {
        event.preventDefault();
        whenAlone(() => latest.current.shortcut('/'));
      }
      // A button answers Space when it is let go: too soon to know whether a code begins with it.
      if (code === 'Space' && event.target instanceof HTMLElement && event.target.matches('button, summary')) {
        const button = event.target;
        event.preventDefault();
        spaceOn = button;
        whenAlone(() => button.click());
      }
    };
    const up = (event: KeyboardEvent) => {
      if (event.code === 'Space' && spaceOn === event.target) event.preventDefault();
    };
    const composing = (event: Event) => {
      if (!isTyping(event.target)) setPaused(true);
    };
    const lost = () => setPaused(true);
    const found = () => setPaused(false);
    addEventListener('keydown', down, true);
    addEventListener('keyup', up, true);
    addEventListener('compositionstart', composing, true);
    addEventListener('blur', lost);
    addEventListener('focus', found);
    return () => {
      clearTimeout(held);
      removeEventListener('keydown', down, true);
      removeEventListener('keyup', up, true);
      removeEventListener('compositionstart', composing, true);
      removeEventListener('blur', lost);
      removeEventListener('focus', found);
    };
  }, [prefix, suffix]);
  return {
    paused,
    resume: () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      window.focus();
      setPaused(false);
    },
  };
}

/** Fields that people write into by hand; there an input method is welcome. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}
