import type { Submission } from '@plenary/contracts';

/** Invented people: the same for the same number, Chinese and foreign, of 60 delegations of ten. */

const families = [
  ['欧阳', 'OUYANG'],
  ['王', 'WANG'],
  ['李', 'LI'],
  ['张', 'ZHANG'],
  ['刘', 'LIU'],
  ['陈', 'CHEN'],
  ['杨', 'YANG'],
  ['黄', 'HUANG'],
  ['赵', 'ZHAO'],
  ['周', 'ZHOU'],
  ['司马', 'SIMA'],
  ['孙', 'SUN'],
  ['马', 'MA'],
  ['朱', 'ZHU'],
] as const;
const given = [
  ['明慧', 'Minghui'],
  ['伟', 'Wei'],
  ['秀英', 'Xiuying'],
  ['建国', 'Jianguo'],
  ['雨桐', 'Yutong'],
  ['子涵', 'Zihan'],
  ['晓燕', 'Xiaoyan'],
  ['志强', 'Zhiqiang'],
  ['静', 'Jing'],
  ['浩然', 'Haoran'],
  ['思远', 'Siyuan'],
] as const;
const foreign = [
  'Amélie Fournier',
  'Björn Åkesson',
  'Caoimhe Ní Bhriain',
  'Dmitri Volkov',
  'Elena García-Moreno',
  'Fatima al-Rashid',
  'George Okonkwo',
  'Hana Nováková',
  'Ivan Petrović',
  'Jun Takahashi',
  'Kwame Mensah',
  'Lucía Fernández',
  'Maximiliane von Hohenberg-Reichenau',
  'Nguyễn Thị Minh Khai',
  'Olumide Adeyemi',
] as const;
const countries = ['FR', 'SE', 'IE', 'UA', 'ES', 'AE', 'NG', 'CZ', 'RS', 'JP', 'GH', 'AR', 'DE', 'VN', 'NG'] as const;
const cities = [
  ['Shenyang', '沈阳'],
  ['Dalian', '大连'],
  ['Hangzhou', '杭州'],
  ['Chengdu', '成都'],
  ['Wuhan', '武汉'],
  ['Xiamen', '厦门'],
] as const;
const bodies = ['Big Data Bureau', 'Planning Institute', 'Transport Group', 'Water Company', 'Digital Office'] as const;

export const delegationCount = 60;
export const membersPerDelegation = 10;

export function delegationName(index: number): string {
  const [city] = cities[index % cities.length] as readonly [string, string];
  return `${city} ${bodies[Math.floor(index / cities.length) % bodies.length]} ${Math.floor(index / 30) + 1} (demo)`;
}

/** A number in [0, 1) that is the same for the same seed (mulberry32). */
export function chance(seed: number): number {
  let state = (seed + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}

/** Of a delegation; most people are delegates. */
function categoryOf(index: number): string {
  const rare = ['vip', 'press', 'exhibitor', 'guest', 'speaker'];
  return index % 8 === 7 ? (rare[Math.floor(index / 8) % rare.length] as string) : 'delegate';
}

/** Delegate number `index` (0..599) with up to three choices, one in a slot; the first forums of a slot are the popular ones. */
export function demoDelegate(index: number, slots: readonly (readonly string[])[]): Submission {
  const chinese = index % 3 !== 2;
  const [family, familyLatin] = families[index % families.length] as readonly [string, string];
  const [own, ownLatin] = given[Math.floor(index / 3) % given.length] as readonly [string, string];
  const choices = slots
    .map((forums, slot) => forums[Math.floor(chance(index * 7 + slot) ** 2 * forums.length)] as string)
    .filter((_, slot) => slot !== index % slots.length);
  return {
    person: {
      ...(chinese
        ? { name: `${family}${own}`, latinName: `${familyLatin} ${ownLatin}` }
        : { name: foreign[index % foreign.length] as string }),
      email: `delegate${String(index + 1).padStart(3, '0')}@delegates.plenary.example`,
      organisation: delegationName(Math.floor(index / membersPerDelegation)),
      country: chinese ? 'CN' : (countries[index % countries.length] as string),
    },
    category: categoryOf(index),
    locale: chinese ? 'zh-CN' : 'en',
    choices: choices.map((subForumId) => ({ subForumId })),
    answers: {},
    consent: { privacy: true },
  };
}

export const crewCount = 16;

/** One of those who run the conference: they pass every door. */
export function demoCrew(index: number): Submission {
  const submission = demoDelegate(600 + index, [[]]);
  return {
    ...submission,
    person: {
      ...submission.person,
      email: `crew${index + 1}@delegates.plenary.example`,
      organisation: 'Conference office (demo)',
    },
    category: index % 2 === 0 ? 'staff' : 'organiser',
    choices: [],
  };
}
