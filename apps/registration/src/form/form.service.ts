import { Injectable } from '@nestjs/common';
import { type AnswerOf, type InputOf, routes } from '@plenary/contracts';
import { Database, rows } from '@plenary/messaging';
import { Answer, audit, authorise, type Caller, etag, holds, Problem, requireMatch } from '@plenary/platform';
import { type Facts, Programme } from '../known/programme';
import { type FormSettings, isOpen } from './form.rules';

type Form = AnswerOf<typeof routes.getRegistrationForm>;

/** What is asked of those who register, and when they may. */
@Injectable()
export class Forms {
  constructor(
    private readonly database: Database,
    private readonly programme: Programme,
  ) {}

  async get({ params }: InputOf<typeof routes.getRegistrationForm>, caller: Caller): Promise<Answer<Form>> {
    const facts = await this.programme.facts(params);
    const { conference } = facts;
    const isStaff = ['organiser', 'desk', 'supervisor', 'cohost'] as const;
    if (conference.state === 'draft' && !isStaff.some((role) => holds(caller, role, conference))) {
      throw Problem.notFound('conference');
    }
    return new Answer(formOf(facts), { etag: etag(facts.formVersion) });
  }

  async put(
    { params, body }: InputOf<typeof routes.putRegistrationForm>,
    caller: Caller,
    ifMatch: string,
  ): Promise<Answer<Form>> {
    const facts = await this.programme.facts(params);
    const { conferenceId } = facts.conference;
    authorise(caller, routes.putRegistrationForm.who, { conferenceId });
    demandSound(body);
    const formVersion = await this.database.transaction(async (tx) => {
      // The form with its defaults has no row to lock: version 1 is written first.
      await rows(
        tx,
        'INSERT INTO registration_forms (conference_id, version, settings) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING',
        [conferenceId, JSON.stringify(facts.form)],
      );
      const [current] = await rows<{ version: number }>(
        tx,
        'SELECT version FROM registration_forms WHERE conference_id = $1 FOR UPDATE',
        [conferenceId],
      );
      const version = current?.version ?? 1;
      requireMatch(ifMatch, version);
      await rows(tx, 'UPDATE registration_forms SET version = $2, settings = $3 WHERE conference_id = $1', [
        conferenceId,
        version + 1,
        JSON.stringify(body),
      ]);
      await audit(tx, caller, {
        conferenceId,
        action: 'registration_form.change',
        target: { kind: 'conference', id: conferenceId },
        details: { approval: body.approval },
      });
      return version + 1;
    });
    this.programme.forget();
    return new Answer(formOf({ ...facts, form: body, formVersion }), { etag: etag(formVersion) });
  }
}

/** 422 `question_repeated`, `window_invalid`. */
function demandSound(form: FormSettings): void {
  const keys = form.questions.map((question) => question.key);
  if (new Set(keys).size < keys.length) {
    throw new Problem(422, 'question_repeated', 'Two questions have the same key. Give each its own.');
  }
  if (form.opensAt !== null && form.closesAt !== null && Date.parse(form.opensAt) >= Date.parse(form.closesAt)) {
    throw new Problem(422, 'window_invalid', 'Registration closes before it opens. Set `closesAt` after `opensAt`.');
  }
}

function formOf({ conference, form }: Facts): Form {
  return {
    ...form,
    conferenceId: conference.conferenceId,
    open: isOpen(conference, form, new Date()),
    categories: conference.categories.filter((category) => category.public).map(({ key, name }) => ({ key, name })),
  };
}
