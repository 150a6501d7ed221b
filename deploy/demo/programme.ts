import { type Category, defaultCategories, type NewSubForum, type Text } from '@plenary/contracts';

/**
 * The demo conference: drawn from a real national conference of over 40 sub-forums, made current.
 * What is publicly known of one of its sub-forums stands in `knownSubForum`; everything else is invented,
 * and organisations that do not exist carry "(demo)".
 */
export const demoTimeZone = 'Asia/Shanghai';

const rooms = [1, 2, 3, 4, 5].flatMap((floor) =>
  [1, 2, 3, 4].map((room) => ({ floor: `${floor}F`, room: `${floor}F ${floor}0${room}` })),
);

/** Titles by track: English and Chinese. */
const tracks: { track: string; titles: [string, string][] }[] = [
  {
    track: 'Urban governance',
    titles: [
      ['One Window for Every City Service', '城市服务一窗通办'],
      ['Grid Management After Ten Years', '网格化治理十年'],
      ['City Hotlines and What They Tell', '市民热线与城市体检'],
      ['Data Rights of Residents', '居民数据权益'],
      ['Standards for City Brains', '城市大脑标准体系'],
      ['Budgets for Digital Government', '数字政府预算与绩效'],
      ['County Towns Go Digital', '县域数字化转型'],
    ],
  },
  {
    track: 'Transport',
    titles: [
      ['Signals That Learn', '会学习的信号灯'],
      ['Metro, Bus and Bicycle as One Trip', '轨道公交骑行一体化'],
      ['Freight in the Night City', '城市夜间货运'],
      ['Parking Without Searching', '无感停车'],
      ['Low-Altitude Logistics', '低空物流'],
      ['Ports and Their Cities', '港口与城市'],
      ['Road Safety From Video', '视频与道路安全'],
    ],
  },
  {
    track: 'Energy and environment',
    titles: [
      ['Low-Carbon Districts', '低碳园区'],
      ['Heat, Power and Storage Together', '热电储协同'],
      ['Smart Water Networks', '智慧水务'],
      ['Air Quality Block by Block', '街区空气质量'],
      ['Waste Sorting at Scale', '垃圾分类规模化'],
      ['Sponge Cities Measured', '海绵城市的度量'],
      ['Buildings as Batteries', '建筑储能'],
    ],
  },
  {
    track: 'Public safety',
    titles: [
      ['Flood Warnings in Minutes', '分钟级洪涝预警'],
      ['Fire Brigades and Open Maps', '消防与开放地图'],
      ['Crowd Flow at Great Events', '大型活动人流管理'],
      ['Resilient Command Centres', '韧性指挥中心'],
      ['Earthquake Early Warning', '地震预警'],
      ['Safety of Old Gas Pipes', '老旧燃气管网安全'],
      ['Privacy in Public Space', '公共空间隐私'],
    ],
  },
  {
    track: 'Health and education',
    titles: [
      ['Hospitals Without Queues', '无排队医院'],
      ['Care at Home for the Old', '居家养老'],
      ['One Health Record', '一份健康档案'],
      ['Schools on the City Cloud', '城市教育云'],
      ['Accessible Cities', '无障碍城市'],
      ['Community Doctors Online', '社区医生在线'],
    ],
  },
  {
    track: 'Industry and technology',
    titles: [
      ['Artificial Intelligence for Cities', '人工智能赋能城市'],
      ['Digital Twins in Daily Use', '数字孪生日常应用'],
      ['Edge Computing on the Lamp Post', '灯杆上的边缘计算'],
      ['Blockchain for Public Records', '区块链与公共档案'],
      ['Open Source in City Hall', '政务开源'],
      ['Satellites Over the City', '卫星看城市'],
      ['Start-ups Meet Mayors', '创业者对话市长'],
    ],
  },
];

const inventedHosts = [
  'Northlake Institute of Urban Studies (demo)',
  'Harbour Cities Forum (demo)',
  'Liaohe Digital Academy (demo)',
  'Society of City Engineers (demo)',
  'Green Districts Alliance (demo)',
];
const inventedSpeakers = [
  ['Chen Moyu', 'Chief Engineer'],
  ['Anna Lindqvist-Demo', 'Professor'],
  ['Zhao Qinghe', 'Deputy Director'],
  ['Mateo Rivas-Demo', 'Head of Mobility'],
  ['Sun Ruolan', 'Research Fellow'],
  ['Priya Nair-Demo', 'City Data Officer'],
] as const;

/** The usual five and three more. */
export const demoCategories: Category[] = [
  ...defaultCategories,
  {
    key: 'exhibitor',
    name: { en: 'Exhibitor', 'zh-CN': '展商' },
    colour: '#0A6A4C',
    letter: 'E',
    public: true,
    admits: 'seat',
  },
  {
    key: 'guest',
    name: { en: 'Guest', 'zh-CN': '来宾' },
    colour: '#D5D9E0',
    letter: 'G',
    public: false,
    admits: 'seat',
  },
  {
    key: 'organiser',
    name: { en: 'Organiser', 'zh-CN': '组委会' },
    colour: '#8E0A1C',
    letter: 'O',
    public: false,
    admits: 'everywhere',
  },
];

export interface DemoConference {
  slug: string;
  name: Text;
  summary: Text;
  venue: Text;
  startsOn: string;
  endsOn: string;
  subForums: NewSubForum[];
}

/** The day of an instant in the venue's time zone, `2026-05-21`. */
export function dayOf(instant: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: demoTimeZone }).format(instant);
}

/** The same programme for the same hour: two days, two slots a day, the first slot running since an hour ago. */
export function demoConference(now: Date): DemoConference {
  const hour = 3_600_000;
  const base = Math.floor(now.getTime() / hour) * hour - hour;
  const slots = [0, 3.5, 24, 27.5].map((offset) => ({ start: base + offset * hour, end: base + (offset + 3) * hour }));
  const invented = tracks.flatMap(({ track, titles }) => titles.map(([en, zh]) => ({ track, en, zh })));
  const all = [knownSubForum.titles, ...invented];
  const subForums = all.map((topic, index): NewSubForum => {
    // Eleven, ten, eleven and ten sub-forums: no room is used twice in a slot.
    const slot = slots[index % 4] as (typeof slots)[number];
    const place = rooms[Math.floor(index / 4) + (index % 2) * 9] as (typeof rooms)[number];
    const startsAt = new Date(slot.start).toISOString();
    const endsAt = new Date(slot.end).toISOString();
    const known = index === 0;
    return {
      code: `SF${String(index + 1).padStart(2, '0')}`,
      title: { en: topic.en, 'zh-CN': topic.zh },
      abstract: known
        ? knownSubForum.abstract
        : {
            en: `An invented sub-forum of the demo: ${topic.en.toLowerCase()}.`,
            'zh-CN': `演示用虚构分论坛：${topic.zh}。`,
          },
      track: topic.track,
      room: place.room,
      floor: place.floor,
      startsAt,
      endsAt,
      hosts: known ? knownSubForum.hosts : [{ name: inventedHosts[index % inventedHosts.length] as string }],
      supporters: known ? knownSubForum.supporters : [],
      sessions: known ? knownSessions(slot.start) : inventedSessions(index, topic, slot.start),
      crew: [],
      admission: index % 14 === 13 ? 'open' : 'seat',
      capacity: index % 14 === 13 ? null : ([120, 30, 60, 80, 30, 45, 200][index % 7] as number),
      reserved: 0,
      reservedUntil: null,
      roomCap: index % 14 === 13 ? 300 : null,
      categories: [],
      walkIn: index % 5 === 2 ? 'from_start' : 'off',
      reEntry: index % 9 !== 8,
      releaseNoShowsAfterMinutes: null,
    };
  });
  const startsOn = dayOf(new Date(base));
  return {
    slug: `smart-city-${startsOn}-${String(new Date(base).getUTCHours()).padStart(2, '0')}`,
    name: { en: 'Smart City (International) Innovation Conference', 'zh-CN': '智慧城市（国际）创新大会' },
    summary: {
      en: 'A demo conference of 42 sub-forums in 20 rooms over two days.',
      'zh-CN': '演示大会：两天，二十个会议室，四十二场分论坛。',
    },
    venue: { en: 'Royal Wanxin Hotel, Shenyang', 'zh-CN': '沈阳皇朝万鑫酒店' },
    startsOn,
    endsOn: dayOf(new Date((slots[3] as (typeof slots)[number]).end)),
    subForums,
  };
}

/** Facts of the real sub-forum of 2017, and nothing beyond them. */
const knownSubForum = {
  titles: {
    track: 'International',
    en: 'China Smart City (International) Seminar',
    zh: '中国智慧城市（国际）研讨会',
  },
  hosts: [
    { name: 'China Center for Urban Development, NDRC, P. R. China' },
    { name: 'Smart City Development Alliance' },
    { name: 'United States Trade and Development Agency' },
    { name: 'Australian Embassy in Beijing' },
  ],
  supporters: [{ name: 'ECP' }],
  abstract: {
    en: 'Presentations by NuCloud, Cummins and the International WELL Building Institute; Johnson Controls, EATON and ConocoPhillips took part.',
  },
};
/** Speakers of the known sub-forum; the seed registers them and links their registrations. */
export const knownSpeakers = [
  { name: 'Li Tie', title: 'Chairman and Chief Economist', organisation: 'China Center for Urban Development, NDRC' },
  { name: 'Li Ying', title: 'Director General', organisation: 'Shenyang Big Data Bureau' },
  { name: 'Samuel Yee', title: 'Economic Officer', organisation: 'U.S. Consulate General Shenyang' },
  { name: 'Wan Xiaolei', title: 'Representative', organisation: 'United States Trade and Development Agency (China)' },
];
function knownSessions(start: number): NewSubForum['sessions'] {
  const half = 1.5 * 3_600_000;
  return [
    { en: 'Development path innovation of the global smart city', speakers: knownSpeakers.slice(0, 2) },
    { en: 'How new and high technology boosts urban transformation', speakers: knownSpeakers.slice(2) },
  ].map(({ en, speakers }, index) => ({
    title: { en },
    startsAt: new Date(start + index * half).toISOString(),
    endsAt: new Date(start + (index + 1) * half).toISOString(),
    speakers,
  }));
}

function inventedSessions(index: number, topic: { en: string; zh: string }, start: number): NewSubForum['sessions'] {
  const forms: [string, string][] = [
    ['Opening', '开场'],
    ['Cases', '案例'],
    ['Round table', '圆桌对话'],
  ];
  return forms.map(([en, zh], part) => {
    const [name, title] = inventedSpeakers[(index + part) % inventedSpeakers.length] as readonly [string, string];
    return {
      title: { en: `${en}: ${topic.en}`, 'zh-CN': `${zh}：${topic.zh}` },
      startsAt: new Date(start + part * 3_600_000).toISOString(),
      endsAt: new Date(start + (part + 1) * 3_600_000).toISOString(),
      speakers: [{ name, title, organisation: inventedHosts[(index + part) % inventedHosts.length] as string }],
    };
  });
}
