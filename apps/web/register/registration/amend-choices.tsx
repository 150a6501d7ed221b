import type { Registration } from '@plenary/contracts';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { LocalText } from '../../shell/local-text';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Skeleton } from '../../ui/loading';
import { Steering } from '../form/steering';
import { ProgrammePicker } from '../programme/picker';
import type { Programme } from '../programme/use-programme';
import { asSent, choose, drop, dropsOf, swap, type Wishes, wishesOf } from './amend-plan';
import { useAmend } from './use-amend';

interface Props {
  token: string;
  programme: Programme;
  onBack: () => void;
  onSaved: () => void;
}

/** One's choices, to be changed: nothing happens until they are saved, and what cannot be had back is asked about first. */
export default function AmendChoices({ token, programme, onBack, onSaved }: Props) {
  const t = useTranslations('register.own');
  const common = useTranslations('register.form');
  const amend = useAmend(token, onSaved);
  const [edited, setEdited] = useState<Wishes>();
  const [asking, setAsking] = useState(false);
  if (!amend.start) {
    return amend.startError ? <ProblemBanner error={amend.startError} onRetry={amend.retry} /> : <Skeleton />;
  }
  const held = amend.start.registration.choices;
  const wishes = edited ?? wishesOf(held);
  const drops = dropsOf(wishes, held);
  const save = () => {
    setAsking(false);
    amend.save({ choices: asSent(wishes) });
  };
  return (
    <>
      <p>{t('choicesIntro')}</p>
      <div role="status" className="empty:absolute">
        {amend.stale && <Banner tone="warn">{t('stale')}</Banner>}
      </div>
      <ProgrammePicker
        programme={programme}
        chosen={wishes.chosen}
        held={held}
        onChoose={(id) => setEdited(choose(wishes, id))}
        onDrop={(id) => setEdited(drop(wishes, id))}
        onSwap={(old, next) => setEdited(swap(wishes, old, next, held))}
      />
      {amend.error && <ProblemBanner error={amend.error} />}
      <Steering
        chosen={wishes.chosen.length}
        busy={amend.busy}
        onBack={onBack}
        label={t('save')}
        onNext={() => (drops.length > 0 ? setAsking(true) : save())}
      />
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('dropTitle')}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{common('change')}</Button>
            <Button look="danger" onClick={save}>
              {t('dropSave')}
            </Button>
          </>
        }
      >
        <ul className="grid gap-3">
          {drops.map((choice) => (
            <Loss key={choice.subForumId} choice={choice} programme={programme} />
          ))}
        </ul>
      </Dialog>
    </>
  );
}

/** What is lost with a choice that is given up. */
function Loss({ choice, programme }: { choice: Registration['choices'][number]; programme: Programme }) {
  const t = useTranslations('register.own');
  const subForum = programme.subForums.find((one) => one.id === choice.subForumId);
  return (
    <li>
      <p className="font-semibold">{subForum ? <LocalText of={subForum.title} /> : t('unknownSubForum')}</p>
      <p>
        {choice.state === 'confirmed'
          ? t('dropsSeat', { waiting: subForum?.waitlisted ?? 0 })
          : choice.state === 'waitlisted' && choice.position !== undefined
            ? t('dropsPlace', { position: choice.position })
            : t('dropsOther')}
      </p>
    </li>
  );
}
