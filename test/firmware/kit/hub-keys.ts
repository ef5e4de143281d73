/** Key establishment of the test hub: a responder by hand, message after message, that refuses nothing but what its core refuses. */
import { decodeInitiate, encodeInitiate, encodeTerminate, KeCommand, KeStatus } from '../../../host/clusters/key-exchange.ts';
import type { CertificateMaterial } from '../../../host/core/cbke.ts';
import type { LabCore } from '../../../host/core/core.ts';
import type { KeyHandle } from '../../../host/model/frame.ts';
import type { Eui64 } from '../../../host/model/ids.ts';

/** Answers a command of the cluster. */
export type AnswerKe = (command: number, payload: Uint8Array) => void;

export class HubKeys {
  /** Suites that devices established a link key with, in their order. */
  readonly suites: number[] = [];
  readonly #core: LabCore;
  readonly #own: ReadonlyMap<number, { readonly handle: KeyHandle; readonly certificate: Uint8Array }>;
  readonly #exchanges = new Map<Eui64, { readonly suite: number; readonly handle: KeyHandle; readonly ephemeral: Uint8Array }>();
  #count = 0;

  constructor(core: LabCore, certificates: readonly CertificateMaterial[]) {
    this.#core = core;
    this.#own = new Map(
      certificates.map((material) => {
        const taken = core.cbke.importCertificate({ ...material, privateKey: material.privateKey.slice() });
        if (!taken.ok) throw new Error(taken.code);
        return [material.suite, { handle: taken.value.handle, certificate: material.certificate }];
      }),
    );
  }

  /** Takes a request; answers the link key that it completed. */
  take(from: Eui64, command: number, payload: Uint8Array, answer: AnswerKe): KeyHandle | undefined {
    const refuse = (status: number): undefined => {
      answer(KeCommand.TERMINATE, encodeTerminate({ status, waitTime: 1, suite: 3 }));
      return undefined;
    };
    const exchange = this.#exchanges.get(from);
    if (command === KeCommand.INITIATE) {
      const { suite = 0, certificate = payload } = decodeInitiate(payload) ?? {};
      const own = this.#own.get(suite);
      if (own === undefined) return refuse(KeStatus.UNSUPPORTED_SUITE);
      if (exchange !== undefined) this.#core.keys.erase(exchange.handle);
      const entropy = new Uint8Array(48).fill(++this.#count, 20);
      const begun = this.#core.cbke.begin({ own: own.handle, role: 'responder', partner: from, certificate, entropy });
      if (!begun.ok) return refuse(KeStatus.INVALID_CERTIFICATE);
      this.#exchanges.set(from, { suite, ...begun.value });
      answer(KeCommand.INITIATE, encodeInitiate({ suite, ephemeralTime: 5, confirmTime: 5, certificate: own.certificate }));
    } else if (command === KeCommand.EPHEMERAL && exchange !== undefined) {
      if (!this.#core.cbke.agree(exchange.handle, payload).ok) return refuse(KeStatus.BAD_MESSAGE);
      answer(KeCommand.EPHEMERAL, exchange.ephemeral);
    } else if (command === KeCommand.CONFIRM && exchange !== undefined) {
      this.#exchanges.delete(from);
      const done = this.#core.cbke.confirm(exchange.handle, payload);
      if (!done.ok) return refuse(KeStatus.BAD_KEY_CONFIRM);
      answer(KeCommand.CONFIRM, done.value.mac ?? payload);
      this.suites.push(exchange.suite);
      return done.value.key;
    }
    return undefined;
  }
}
