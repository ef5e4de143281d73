/** `upgrade cancel`: a Lead Supplier signs a request that stops an upgrade; the PPMID keeps its old image. */
import { Fault } from '../model/fault.ts';
import { parseEui64, type RequestId } from '../model/ids.ts';
import { EXIT } from './io.ts';
import { eui, number } from './option.ts';
import type { Program } from './program.ts';
import { submit } from './submit.ts';

/** Seconds within which a cancellation must be accepted. */
const ACCEPTANCE = 3_600;
const EARLY = 60;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'upgrade cancel <request-id>',
    summary: 'Signs and submits a request that cancels an upgrade before its activation.',
    examples: [
      'hearthgate upgrade cancel 02-00-00-00-00-00-01-03:02-00-00-00-00-00-02-02:1795315381000 --key lab/keys/lead.key \\',
      '    --gateway 02-00-00-00-00-00-02-01',
    ],
    codes: ['Code 0: countersigned and published to the gateway. Code 1: the S1SP side refused it.'],
    options: (command) => {
      command.requiredOption('--key <file>', "the Lead Supplier's signing key");
      command.requiredOption('--gateway <eui64>', 'the Communications Hub');
      command.option('--broker <url>', 'MQTT broker', 'mqtt://127.0.0.1:1883');
      command.option('--counter <number>', 'counter of the request; milliseconds since 1970 when not said');
    },
    async action(io, options, id = '') {
      const target = parseEui64(id.split(':')[1] ?? '');
      if (target === undefined || !/^\S+:\S+:\d+$/.test(id))
        throw new Fault('config', `${id} is not a request id (originator:target:counter)`);
      const gateway = eui(options, 'gateway');
      if (gateway === undefined) throw new Fault('config', '--gateway is needed');
      const counter = BigInt(number(options, 'counter', 0, Number.MAX_SAFE_INTEGER) ?? Date.now());
      const now = Math.floor(Date.now() / 1000);
      const done = await submit(io, options, new Uint8Array(0), ({ signer, environment }) => ({
        kind: 'cancel-update',
        originator: signer.party,
        target,
        counter,
        gateway,
        environment,
        notBefore: now - EARLY,
        expires: now + ACCEPTANCE,
        cancels: id as RequestId,
      }));
      return done ? EXIT.done : EXIT.refused;
    },
  });
}
