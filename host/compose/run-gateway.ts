/** A gateway as a service, out of its configuration file. What a hub runs; nothing of the lab is behind it. */
import { ControlSocket } from '../adapters/control-socket.ts';
import { MqttBroker } from '../adapters/broker-mqtt.ts';
import { SpinelRadio } from '../adapters/radio-spinel.ts';
import { openLockedStore } from '../adapters/store-lock.ts';
import { openStream } from '../adapters/stream-open.ts';
import { SystemClock, SystemEntropy } from '../adapters/system.ts';
import { gatewayWill } from '../bridge/bridge.ts';
import { Core } from '../core/core.ts';
import { loadCertificate } from './certificates.ts';
import type { GatewayConfig } from './config.ts';
import { composeGateway, loadModule } from './gateway.ts';
import { loadImageTrust } from './image-config.ts';
import { account, loadAnchors, loadInstallCodes, loadSigningKey, loadStatements, loadWrappingKey } from './load.ts';
import { radioUrl } from './locators.ts';
import { Fault } from '../model/fault.ts';
import type { Log } from '../ports/log.ts';
import { VERSION } from '../model/version.ts';

/** What is said about a start besides the configuration. */
export interface RunOptions {
  /** The other gateway of this EUI-64, which silenced this one, is gone. */
  readonly alone: boolean;
}

/**
 * Starts the gateway of a configuration. Rejects with a Fault that names what is wrong; `onFault` is told of what a running gateway
 * cannot go on with.
 */
export async function runGateway(
  config: GatewayConfig,
  log: Log,
  onFault: (cause: unknown) => void,
  { alone }: RunOptions = { alone: false },
): Promise<{ stop(): Promise<void> }> {
  const { environment, gateway: eui } = config;
  const { key, signer } = await loadSigningKey(config.keys.signing, environment, ['gateway']);
  if (signer.party !== eui) throw new Fault('config', `${config.keys.signing}: the key of ${signer.party}, this gateway is ${eui}`);
  const clock = new SystemClock();
  const entropy = new SystemEntropy();
  const { curves } = await Core.load(await loadModule('core.wasm'));
  const [login, anchors, wrappingKey, installCodes, statements, certificates, images] = await Promise.all([
    account(config.broker),
    loadAnchors(config.trust.registration, environment),
    loadWrappingKey(config.keys.wrapping),
    loadInstallCodes(config.installCodes),
    loadStatements(config.statements),
    Promise.all(config.keys.certificates.map(loadCertificate)),
    loadImageTrust(config.images, environment, curves),
  ]);
  return composeGateway({
    eui,
    environment,
    channel: config.channel,
    panId: config.panId,
    extendedPanId: eui,
    model: { ...config.hub, eui, type: 'chf', imageType: undefined },
    anchors,
    countersigners: config.trust.countersigners,
    statements,
    wrappingKey,
    signing: key,
    installCodes,
    certificates,
    alone,
    control: new ControlSocket(config.data),
    store: await openLockedStore(config.data),
    storeName: config.data,
    radio: new SpinelRadio({ connect: () => openStream(radioUrl(config.radio)), clock, log }),
    broker: new MqttBroker({ ...login, clientId: `hearthgate-${eui}`, will: gatewayWill(eui) }, { entropy, log }),
    clock,
    entropy,
    log,
    software: VERSION,
    images,
    onFault,
  });
}
