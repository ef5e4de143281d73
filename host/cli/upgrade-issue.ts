/** `upgrade issue`: a Lead Supplier signs an Update Firmware Service Request and hands it, with the image, to the S1SP side. */
import { Fault } from '../model/fault.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { eui, number, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';
import { submit } from './submit.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'upgrade issue <image>',
    summary: 'Signs an order for a PPMID firmware image and submits both over MQTT.',
    examples: [
      'hearthgate upgrade issue lab/images/ppmid-v2.ota --key lab/keys/lead.key --gateway 02-00-00-00-00-00-02-01 \\',
      '    --device 02-00-00-00-00-00-02-02 --broker mqtt://127.0.0.1:1883',
    ],
    codes: [
      'Code 0: countersigned and published to the gateway. Code 1: the S1SP side refused it. What the gateway decides: upgrade watch.',
    ],
    options: (command) => {
      command.requiredOption('--key <file>', "the Lead Supplier's signing key");
      command.requiredOption('--gateway <eui64>', 'the Communications Hub').requiredOption('--device <eui64>', 'the PPMID');
      command.option('--broker <url>', 'MQTT broker', 'mqtt://127.0.0.1:1883');
      command.option('--file-version <version>', "firmware version to be reached; the image's own when not said");
      command.option('--counter <number>', 'counter of the request; milliseconds since 1970 when not said');
      command.option('--complete-within <seconds>', 'bound of completion', '86400');
      command.option('--allow-downgrade', 'permit a version lower than the one that runs', false);
      command.option('--purpose <text>', 'reason or incident reference, kept in the audit', 'not stated');
    },
    action: issue,
  });
}

async function issue(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ inspectImage }, { orderUpdate }] = await Promise.all([import('../../firmware/image/inspect.ts'), import('../compose/user.ts')]);
  const image = await readSource(io, file);
  const firmwareVersion = number(options, 'fileVersion', 0, 0xffffffff) ?? inspectImage(image).header?.fileVersion;
  if (firmwareVersion === undefined) throw new Fault('input', `${file}: no upgrade file header at byte 0; give --file-version`);
  const [target, gateway] = [eui(options, 'device'), eui(options, 'gateway')];
  if (target === undefined || gateway === undefined) throw new Fault('config', '--device and --gateway are needed');
  const within = number(options, 'completeWithin', 60, 31_536_000) ?? 86_400;
  const counter = BigInt(number(options, 'counter', 0, Number.MAX_SAFE_INTEGER) ?? Date.now());
  const now = Math.floor(Date.now() / 1000);
  const allowDowngrade = options['allowDowngrade'] === true;
  const purpose = text(options, 'purpose') ?? '';
  const code = await submit(io, options, image, ({ signer, environment }) => ({
    ...orderUpdate({
      originator: signer.party,
      target,
      gateway,
      counter,
      image,
      firmwareVersion,
      now,
      purpose,
      allowDowngrade,
      environment,
    }),
    completeBy: now + within,
  }));
  return code ? EXIT.done : EXIT.refused;
}
