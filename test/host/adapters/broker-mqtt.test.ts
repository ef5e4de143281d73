import { describe, expect, test } from 'vitest';
import { startBroker } from '../../../host/adapters/broker-embedded.ts';
import { MqttBroker } from '../../../host/adapters/broker-mqtt.ts';
import { SystemEntropy } from '../../../host/adapters/system.ts';
import { silent } from '../../../host/ports/log.ts';
import { describeBroker } from '../../kit/broker-conformance.ts';
import { mosquitto, startMosquitto } from '../../kit/broker-mosquitto.ts';

describeBroker('the embedded broker', (port) => startBroker({ ...(port !== undefined && { port }) }));

if (mosquitto !== undefined) describeBroker('Mosquitto', startMosquitto);
else test.skipIf(process.env['CI'] !== 'true')('Mosquitto is installed', () => expect(mosquitto).toBeDefined());

describe('MqttBroker', () => {
  test('refuses a URL of another protocol', () => {
    const make = (): MqttBroker =>
      new MqttBroker({ url: 'http://broker.example.invalid', clientId: 'a' }, { entropy: new SystemEntropy(), log: silent });
    expect(make).toThrowError(expect.objectContaining({ code: 'broker' }));
  });
});

describe('the embedded broker', () => {
  test('faults with host and port when it cannot listen there', async () => {
    const first = await startBroker();
    const port = Number(new URL(first.url).port);
    await expect(startBroker({ port })).rejects.toMatchObject({ code: 'broker', message: expect.stringContaining(`127.0.0.1:${port}`) });
    await first.close();
  });
});
