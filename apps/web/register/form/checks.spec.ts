import { submission } from '@plenary/contracts';
import { type Answers, nothingYet, submissionOf } from './answers';
import { faultsOf, lastOpenStep } from './checks';
import { steps } from './steps';

const filled: Answers = {
  ...nothingYet,
  name: '欧阳明慧',
  latinName: 'OUYANG Minghui',
  email: ' minghui@example.org ',
  category: 'delegate',
  privacy: true,
};
const questions = [
  { key: 'diet', required: true },
  { key: 'hotel', required: false },
];

describe('what is wrong on a step', () => {
  it('asks for a name, a mailbox and a category first', () => {
    expect(faultsOf('you', nothingYet, [])).toEqual({ name: 'needed', email: 'needed', category: 'needed' });
    expect(faultsOf('you', { ...filled, name: '  ' }, [])).toEqual({ name: 'needed' });
  });

  it.each([
    [{ email: 'minghui@' }, { email: 'not_email' }],
    [{ name: 'x'.repeat(201) }, { name: 'too_long' }],
    [{ name: 'two\u0007bells' }, { name: 'not_allowed' }],
    [{ phone: '1'.repeat(41) }, { phone: 'too_long' }],
    [{ latinName: 'x'.repeat(201) }, { latinName: 'too_long' }],
    // Not asked for, so not judged.
    [{ name: 'Li Na', latinName: 'x'.repeat(201) }, {}],
  ])('%j: %j', (change, faults) => {
    expect(faultsOf('you', { ...filled, ...change }, [])).toEqual(faults);
  });

  it('demands what the organiser demands', () => {
    expect(faultsOf('organisation', filled, questions)).toEqual({ 'answers.diet': 'needed' });
    const answers = { diet: 'none', hotel: 'x'.repeat(2001) };
    expect(faultsOf('organisation', { ...filled, answers }, questions)).toEqual({ 'answers.hotel': 'too_long' });
  });

  it('lets people go to the steps whose earlier ones are answered', () => {
    expect(lastOpenStep(nothingYet, questions)).toBe(0);
    expect(lastOpenStep(filled, questions)).toBe(1);
    expect(lastOpenStep({ ...filled, privacy: false }, [])).toBe(4);
    expect(lastOpenStep(filled, [])).toBe(4);
  });

  it('wants consent for all, and separately for needs', () => {
    expect(faultsOf('send', { ...filled, privacy: false }, [])).toEqual({ privacy: 'needed' });
    const needs = { wheelchair: true, signLanguage: false, other: '' };
    expect(faultsOf('send', { ...filled, needs }, [])).toEqual({ needsConsent: 'needed' });
    expect(faultsOf('send', { ...filled, needs, needsConsent: true }, [])).toEqual({});
    expect(faultsOf('needs', { ...filled, needs: { ...needs, other: 'x'.repeat(1000) } }, [])).toEqual({
      'needs.other': 'too_long',
    });
  });
});

describe('what is sent', () => {
  it('is what the contract takes, once no step finds a fault', () => {
    const hostile = '<img src=x onerror=alert(1)> 👩‍👩‍👧 \u202e مرحبا';
    const answers: Answers = {
      ...filled,
      organisation: hostile,
      needs: { wheelchair: true, signLanguage: false, other: hostile },
      needsConsent: true,
      answers: { diet: hostile, gone: 'a question that is asked no more' },
    };
    for (const step of steps) expect(faultsOf(step, answers, questions)).toEqual({});
    const sent = submissionOf(answers, ['01a20df1-eaf1-73ac-a8e6-bb8016452dcf'], questions, 'zh-CN');
    expect(submission.parse(sent)).toEqual(sent);
    expect(sent.person.organisation).toBe(hostile);
    expect(sent.answers).toEqual({ diet: hostile });
  });

  it('leaves out what was not asked', () => {
    const sent = submissionOf({ ...filled, name: 'Li Na', phone: ' ' }, [], [], 'en');
    expect(sent.person).toEqual({ name: 'Li Na', email: 'minghui@example.org' });
  });
});
