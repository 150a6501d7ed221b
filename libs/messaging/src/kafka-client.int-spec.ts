import { setTimeout as pause } from 'node:timers/promises';
import { testKafka } from '@plenary/testing';
import { kafkaClient } from './kafka-client';
import { silent } from './options';

const { prototype: requestQueue } = require('kafkajs/src/network/requestQueue') as {
  prototype: { checkPendingRequests(): void };
};

describe('a connection to Kafka', () => {
  it('that has nothing to do does nothing', async () => {
    const { brokers, close } = await testKafka();
    const admin = kafkaClient('idle', brokers, silent).admin();
    try {
      await admin.connect();
      await admin.listTopics();
      const looks = jest.spyOn(requestQueue, 'checkPendingRequests');
      await pause(300);
      // kafkajs alone would have looked hundreds of times.
      expect(looks.mock.calls.length).toBeLessThan(5);
      looks.mockClear();
      await admin.listTopics();
      expect(looks).toHaveBeenCalled();
    } finally {
      await admin.disconnect();
      await close();
    }
  }, 20_000);
});
