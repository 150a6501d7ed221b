/** Where the lists of a conference's registrations stand among the queries. */
export const listKey = (slug: string) => ['registrations', slug];
export const countsKey = (slug: string) => ['registration-counts', slug];
export const registrationKey = (id: string) => ['registration', id];
