/** The S1SP side as a service, out of its configuration file. */
import { startBroker } from '../adapters/broker-embedded.ts';
import { MqttBroker } from '../adapters/broker-mqtt.ts';
import { openLockedStore } from '../adapters/store-lock.ts';
import { SystemClock, SystemEntropy } from '../adapters/system.ts';
import { openStatement } from '../messages/statement.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { SignersStatement, Statement } from '../model/register.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { seconds } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { openMeta } from '../stores/meta.ts';
import type { S1spConfig } from './config.ts';
import { account, loadAnchors, loadSigningKey, loadStatements } from './load.ts';
import { composeS1sp } from './s1sp.ts';

/** A service that runs until it is stopped. */
export interface Service {
  stop(): Promise<void>;
}

/**
 * Starts the S1SP side: with a broker of its own when the configuration says so, else at the one named. Statements are published to
 * each gateway that one of them names. Rejects with a Fault that names what is wrong.
 */
export async function runS1sp(config: S1spConfig, log: Log): Promise<Service> {
  const { environment } = config;
  const { key } = await loadSigningKey(config.keys.countersigning, environment, ['dcc-countersigner']);
  const anchors = await loadAnchors(config.trust.registration, environment);
  const clock = new SystemClock();
  const entropy = new SystemEntropy();
  const statements = (await loadStatements(config.statements)).map((bytes, index) => ({
    bytes,
    statement: opened(bytes, config.statements[index] ?? '', environment, anchors, seconds(clock)),
  }));
  const signers = statements.map(({ statement }) => statement).find((one): one is SignersStatement => one.kind === 'signers');
  if (signers === undefined) throw new Fault('config', 'statements: none of them names the signers');
  const own = config.embeddedBroker === undefined ? undefined : await startBroker(config.embeddedBroker.listen);
  const store = await openLockedStore(config.data);
  await openMeta(store, environment, config.data);
  const broker = new MqttBroker({ ...(await account(config.broker)), clientId: 'hearthgate-s1sp' }, { entropy, log });
  const s1sp = composeS1sp({ environment, broker, store, clock, log, countersigner: key, signers });
  await s1sp.start();
  const gateways = new Set(statements.flatMap(({ statement }): Eui64[] => ('gateway' in statement ? [statement.gateway] : [])));
  for (const gateway of gateways) {
    for (const { statement, bytes } of statements) {
      if (!('gateway' in statement) || statement.gateway === gateway) await s1sp.publishStatement(gateway, statement.kind, bytes);
    }
  }
  log.info('s1sp-started', { environment, gateways: gateways.size });
  return {
    async stop() {
      await s1sp.stop();
      await own?.close();
      log.info('s1sp-stopped');
    },
  };
}

function opened(bytes: Uint8Array, path: string, environment: Environment, anchors: readonly Signer[], now: number): Statement {
  const result = openStatement(bytes, { environment, anchors, now, storedVersion: () => undefined });
  if (!result.ok) throw new Fault('config', `${path}: ${result.code}: ${result.detail}`);
  return result.value.statement;
}
