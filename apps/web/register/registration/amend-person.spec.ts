import type { Person } from '@plenary/contracts';
import { type Answers, nothingYet } from '../form/answers';
import { amendmentFaults } from './amend-checks';
import { amendmentOf } from './amend-person';

const before: Person = {
  name: '欧阳明慧',
  latinName: 'OUYANG Minghui',
  email: 'minghui@example.org',
  organisation: 'Data Bureau',
  needs: 'Wheelchair access / 轮椅通行',
};
const same: Answers = {
  ...nothingYet,
  name: '欧阳明慧',
  latinName: 'OUYANG Minghui',
  email: 'minghui@example.org',
  organisation: 'Data Bureau',
  needs: { wheelchair: true, signLanguage: false, other: '' },
};

describe('amending a person', () => {
  it('sends nothing where nothing changed', () => {
    expect(amendmentOf(same, before)).toEqual({});
    expect(amendmentFaults(same, before)).toEqual({});
  });

  it('sends what changed, and null for what was emptied', () => {
    const none = { wheelchair: false, signLanguage: false, other: '' };
    expect(amendmentOf({ ...same, name: 'Minghui', organisation: ' ', phone: '+86 24', needs: none }, before)).toEqual({
      name: 'Minghui',
      latinName: null,
      organisation: null,
      phone: '+86 24',
      needs: null,
    });
  });

  it('keeps a mailbox, and asks for consent where needs are new', () => {
    expect(amendmentFaults({ ...same, email: '' }, before)).toEqual({ email: 'needed' });
    const { needs: _, ...withoutNeeds } = before;
    expect(amendmentFaults(same, withoutNeeds)).toEqual({ needsConsent: 'needed' });
    // Registered by a delegation, without a mailbox.
    const { email: __, ...withoutMail } = before;
    expect(amendmentFaults({ ...same, email: '' }, withoutMail)).toEqual({});
  });
});
