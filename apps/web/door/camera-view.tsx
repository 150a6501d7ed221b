import { useTranslations } from 'use-intl';
import { Button } from '../ui/button';
import { classNames } from '../ui/class-names';
import type { Camera, CameraState } from './use-camera';

const canTryAgain: readonly CameraState[] = ['denied', 'absent', 'busy', 'decoder'];

/** The camera's square, or what is in its way and what to do. */
export function CameraView({ camera, className }: { camera: Camera; className?: string }) {
  const t = useTranslations('door.camera');
  const { state } = camera;
  const wrong = state === 'insecure' || canTryAgain.includes(state);
  return (
    <div
      className={classNames(
        'relative grid content-center justify-items-center overflow-hidden rounded-card border border-edge bg-sunk',
        className,
      )}
    >
      <video
        ref={camera.video}
        muted
        playsInline
        autoPlay
        aria-hidden="true"
        tabIndex={-1}
        className={classNames('absolute inset-0 size-full object-cover', state !== 'on' && 'invisible')}
      />
      {state === 'on' && (
        <svg viewBox="0 0 100 100" fill="none" aria-hidden="true" className="absolute inset-[12%] size-[76%]">
          <path d="M2 20V2h18M80 2h18v18M98 80v18H80M20 98H2V80" stroke="#000" strokeOpacity=".55" strokeWidth="4" />
          <path d="M2 20V2h18M80 2h18v18M98 80v18H80M20 98H2V80" stroke="#fff" strokeWidth="2" />
        </svg>
      )}
      <div role="status" className="relative grid max-w-[440px] justify-items-center gap-3 p-4 text-center">
        {state === 'starting' && <p>{t('starting')}</p>}
        {state === 'asleep' && <p>{t('asleep')}</p>}
        {wrong && <p>{t(state as 'denied')}</p>}
      </div>
      {state === 'asleep' && (
        <button type="button" onClick={camera.wake} aria-label={t('asleep')} className="absolute inset-0 size-full" />
      )}
      {canTryAgain.includes(state) && (
        <Button size="door" className="relative mb-4" onClick={camera.again}>
          {t('again')}
        </Button>
      )}
    </div>
  );
}
