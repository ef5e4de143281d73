/**
 * An operator's view over MQTT: the reports of one gateway, each with its signature checked, and the retained state beside them.
 */
import { MqttBroker } from '../adapters/broker-mqtt.ts';
import { SystemEntropy } from '../adapters/system.ts';
import { gatewayTopics } from '../bridge/topics.ts';
import { openReport } from '../messages/report.ts';
import { hex, type Eui64 } from '../model/ids.ts';
import type { Progress, Report } from '../model/job.ts';
import type { Signer } from '../model/service-request.ts';
import type { Broker } from '../ports/broker.ts';
import { silent } from '../ports/log.ts';

/** What an operator sees. */
export interface GatewayEvents {
  /** A report whose signature is the gateway's; `retained` when it is the last one from before. */
  report?(report: Report, retained: boolean): void;
  /** A report whose signature is not the gateway's, or whose form is wrong. */
  refused?(code: string, detail: string): void;
  progress?(progress: Progress): void;
  state?(state: string): void;
  birth?(birth: Readonly<Record<string, unknown>>): void;
}

/** Opens a connection of an operator to a broker. */
export function operatorBroker(url: string): Broker {
  const entropy = new SystemEntropy();
  return new MqttBroker({ url, clientId: `hearthgate-operator-${hex(entropy.bytes(6))}` }, { entropy, log: silent });
}

/** Follows one gateway; what is retained comes at once. */
export async function followGateway(broker: Broker, gateway: Eui64, key: Signer, events: GatewayEvents): Promise<void> {
  const topics = gatewayTopics(gateway);
  const text = (payload: Uint8Array): string => new TextDecoder().decode(payload);
  broker.onMessage(({ topic, payload, retained }) => {
    if (topic === topics.state) events.state?.(text(payload));
    else if (topic === topics.birth) events.birth?.(JSON.parse(text(payload)) as Record<string, unknown>);
    else if (topic === topics.progress) events.progress?.(JSON.parse(text(payload)) as Progress);
    else if (topic === topics.report) {
      const opened = openReport(payload, (kid) => (kid === key.kid ? key : undefined));
      if (opened.ok) events.report?.(opened.value.report, retained);
      else events.refused?.(opened.code, opened.detail);
    }
  });
  for (const filter of [topics.state, topics.birth, topics.progress, topics.report]) await broker.subscribe(filter);
}
