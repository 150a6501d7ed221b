import { createServer, type Server } from 'node:net';
import { demandFree, freePorts, portsFrom } from './ports';

const listening = (port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });

describe('ports', () => {
  it('counts from the gateway', () => {
    const ports = portsFrom({ PLENARY_PORT: '9000' });
    expect(ports).toMatchObject({ gateway: 9000, postgres: 9010, kafka: 9011, kafkaController: 9012 });
    expect(ports.services['check-in']).toEqual([9004]);
  });

  it('takes a single port from its own variable', () => {
    const ports = portsFrom({ PLENARY_CHECK_IN_PORT: '7777', PLENARY_POSTGRES_PORT: '5433' });
    expect(ports.services['check-in']).toEqual([7777]);
    expect(ports).toMatchObject({ gateway: 8080, postgres: 5433 });
  });

  it('gives each replica a port, and no port twice', () => {
    const { gateway, postgres, kafka, kafkaController, services } = portsFrom({}, 3);
    const all = [gateway, postgres, kafka, kafkaController, ...Object.values(services).flat()];
    expect(services.badge).toHaveLength(3);
    expect(new Set(all).size).toBe(all.length);
  });

  it('names a taken port, what wanted it, and the variable that changes it', async () => {
    const ports = await freePorts();
    const server = await listening(ports.services.badge[0] as number);
    try {
      await expect(demandFree(ports, { postgres: true, kafka: true })).rejects.toThrow(
        `Port ${ports.services.badge[0]}, wanted for badge, is taken by another program. PLENARY_BADGE_PORT changes it.`,
      );
    } finally {
      server.close();
    }
  });

  it('does not mind the ports of a PostgreSQL and a Kafka that it does not start', async () => {
    const ports = await freePorts();
    const server = await listening(ports.kafka);
    try {
      await expect(demandFree(ports, { postgres: false, kafka: false })).resolves.toBeUndefined();
      await expect(demandFree(ports, { postgres: false, kafka: true })).rejects.toThrow('PLENARY_KAFKA_PORT');
    } finally {
      server.close();
    }
  });

  it('refuses what is no port, and a port that is wanted twice', async () => {
    expect(() => portsFrom({ PLENARY_PORT: 'http' })).toThrow('PLENARY_PORT=http is not a port number');
    expect(() => portsFrom({ PLENARY_PORT: '70000' })).toThrow('PLENARY_PORT=70000');
    const twice = portsFrom({ PLENARY_BADGE_PORT: '8081' });
    await expect(demandFree(twice, { postgres: true, kafka: true })).rejects.toThrow('Port 8081 is wanted twice');
  });
});
