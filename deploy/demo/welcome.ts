import { type Client, routes } from '@plenary/contracts';
import { type DemoState, demoOrigin, demoPassword } from './state';

const phone = 'Demo phone';

/** One line for each kind of people: where they go, and what they need there. A demo delegate's link opens a badge that the demo phone admits. */
export async function welcome(admin: Client, state: DemoState): Promise<string[]> {
  const origin = demoOrigin();
  const { code, expiresAt } = await phoneCode(admin, state.slug);
  const until = new Date(expiresAt).toTimeString().slice(0, 5);
  return [
    `delegates    ${origin}/c/${state.slug}`,
    `  a badge    ${origin}/r/#${state.delegateToken}`,
    `door         ${origin}/door#enrol=${code} (good until ${until}; a new code: organisers, Doors)`,
    `organisers   ${origin}/organiser as organiser@plenary.example, password ${demoPassword}`,
  ];
}

/** A code for a device that may stand at every door, made where it is not there yet. What is enrolled goes on until the code is used. */
async function phoneCode(admin: Client, slug: string): Promise<{ code: string; expiresAt: string }> {
  for await (const device of admin.all(routes.listDevices, { params: { slug } })) {
    if (device.name !== phone || device.state === 'revoked') continue;
    const renewed = await admin.call(routes.changeDevice, { params: { id: device.id }, body: { newCode: true } });
    return { code: renewed.enrolmentCode as string, expiresAt: renewed.expiresAt as string };
  }
  const rooms = new Set<string>();
  for await (const { room } of admin.all(routes.listSubForums, { params: { slug } })) rooms.add(room);
  const made = await admin.call(routes.createDevice, {
    params: { slug },
    body: { name: phone, venue: true, rooms: [...rooms] },
  });
  return { code: made.enrolmentCode, expiresAt: made.expiresAt };
}
