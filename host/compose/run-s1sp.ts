/** The S1SP side as a service, out of its configuration file. */
import { startBroker } from '../adapters/broker-embedded.ts';
import { MqttBroker } from '../adapters/broker-mqtt.ts';
import { openLockedStore } from '../adapters/store-lock.ts';
import { SystemClock, SystemEntropy } from '../adapters/system.ts';
import { Fault } from '../model/fault.ts';
import type { Log } from '../ports/log.ts';
import { openMeta } from '../stores/meta.ts';
import type { S1spConfig } from './config.ts';
import { account, loadAnchors, loadSigningKey, loadStatements } from './load.ts';
import { composeS1sp } from './s1sp.ts';
import { emptyInbox, watchInbox } from './statement-inbox.ts';

/** A service that runs until it is stopped. */
export interface Service {
  stop(): Promise<void>;
}

/**
 * Starts the S1SP side: with a broker of its own when the configuration says so, else at the one named. Statements of the configuration and of the
 * inbox are taken and handed to the gateways that they are for. Rejects with a Fault that names what is wrong.
 */
export async function runS1sp(config: S1spConfig, log: Log, onFault: (cause: unknown) => void = () => {}): Promise<Service> {
  const { environment } = config;
  const { key } = await loadSigningKey(config.keys.countersigning, environment, ['dcc-countersigner']);
  const anchors = await loadAnchors(config.trust.registration, environment);
  const clock = new SystemClock();
  const entropy = new SystemEntropy();
  const statements = await loadStatements(config.statements);
  const own = config.embeddedBroker === undefined ? undefined : await startBroker(config.embeddedBroker.listen);
  const store = await openLockedStore(config.data);
  await openMeta(store, environment, config.data);
  const broker = new MqttBroker({ ...(await account(config.broker)), clientId: 'hearthgate-s1sp' }, { entropy, log });
  const s1sp = composeS1sp({ environment, broker, store, clock, log, countersigner: key, anchors });
  await s1sp.start();
  for (const [index, bytes] of statements.entries()) {
    const taken = await s1sp.take(bytes);
    if (!taken.ok) throw new Fault('config', `${config.statements[index]}: ${taken.code}: ${taken.detail}`);
  }
  const look = (): Promise<number> => emptyInbox(config.data, (bytes) => s1sp.take(bytes), log);
  await look();
  for (const gateway of s1sp.gateways()) await s1sp.publishRegisters(gateway);
  const unwatch = watchInbox(clock, look, onFault);
  log.info('s1sp-started', { environment });
  return {
    async stop() {
      unwatch();
      await s1sp.stop();
      await own?.close();
      log.info('s1sp-stopped');
    },
  };
}
