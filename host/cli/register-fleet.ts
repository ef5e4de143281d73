/** `register device`, `deployed` and `affected`: what the registers say of one device, and of all homes together. */
import { Fault } from '../model/fault.ts';
import { parseEui64 } from '../model/ids.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { where } from './audit-store.ts';
import { number, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { instantOf, withRegisters } from './register-store.ts';

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'register device <eui64>',
    summary: 'Shows what the registers know of a device: its model, home, suppliers, duties, and every version that names it.',
    examples: ['hearthgate register device 02-00-00-00-00-00-02-02 --config s1sp.yaml'],
    codes: ['Code 1: no register names it.'],
    options: (command) => {
      where(command);
      command.option('--as-of <date>', 'by the registers that were valid then, instead of now');
    },
    action: device,
  });
  program.add({
    call: 'register deployed',
    summary: 'Lists the Deployed Products List: each different combination of Device Models that exists, once, and how often.',
    examples: [
      'hearthgate register deployed --config s1sp.yaml',
      'hearthgate register deployed --config s1sp.yaml --as-of 2026-01-15 --json',
    ],
    codes: ['A system with a device of unknown firmware version is no combination: it is counted in the last line.'],
    options: (command) => {
      where(command);
      command.option('--as-of <date>', 'by the registers that were valid then, instead of now');
    },
    action: deployed,
  });
  program.add({
    call: 'register affected',
    summary: 'Lists the devices that a weakness of a Device Model is about, with the suppliers who have to hear of it.',
    examples: ['hearthgate register affected --config s1sp.yaml --manufacturer 0x10aa --model PPMID-1 --firmware-version 0x01020303'],
    options: (command) => {
      where(command);
      command
        .option('--manufacturer <code>', 'ZigBee manufacturer code; left out: any')
        .option('--model <name>', 'model identifier; left out: any')
        .option('--hardware-version <number>', 'left out: any')
        .option('--firmware-version <number>', 'left out: any')
        .option('--as-of <date>', 'by the registers that were valid then, instead of now');
    },
    action: affected,
  });
}

async function device(io: Io, options: Options, name = ''): Promise<ExitCode> {
  const eui = parseEui64(name);
  if (eui === undefined) throw new Fault('config', `${name} is not an EUI-64`);
  const [{ deviceLines, deviceRecord }, at] = await Promise.all([import('../compose/device-record.ts'), timeOf(options)]);
  const found = await withRegisters(options, (all) => deviceRecord(all, eui, at));
  if (options.json) io.out(JSON.stringify(found ?? { device: null }));
  else for (const line of found === undefined ? [`no register that is valid then names ${eui}`] : deviceLines(found)) io.out(line);
  return found === undefined ? EXIT.refused : EXIT.done;
}

async function deployed(io: Io, options: Options): Promise<ExitCode> {
  const [{ deployedProducts, systemsOfUnknown }, { model: modelName }, { installations }] = await Promise.all([
    import('../policy/deployed.ts'),
    import('../policy/wording.ts'),
    fleet(options),
  ]);
  const [entries, unknown] = [deployedProducts(installations), systemsOfUnknown(installations)];
  if (options.json) io.out(JSON.stringify({ entries, unknown }));
  else {
    for (const { combination, count } of entries) {
      io.out(`${count} of`);
      for (const member of combination) io.out(`  ${member.type.padEnd(5)} ${modelName(member)}`);
    }
    io.out(`${entries.length} combinations; ${unknown} systems with a device of unknown firmware version`);
  }
  return EXIT.done;
}

async function affected(io: Io, options: Options): Promise<ExitCode> {
  const [manufacturer, hardwareVersion, firmwareVersion] = [
    number(options, 'manufacturer', 0, 0xffff),
    number(options, 'hardwareVersion', 0, 0xffff),
    number(options, 'firmwareVersion', 0, 0xffff_ffff),
  ];
  const pattern = { manufacturer, model: text(options, 'model'), hardwareVersion, firmwareVersion };
  if (Object.values(pattern).every((each) => each === undefined))
    throw new Fault('config', 'say which Device Model: --manufacturer, --model, --hardware-version or --firmware-version');
  const [{ affectedBy }, { installations, at }] = await Promise.all([import('../policy/deployed.ts'), fleet(options)]);
  const found = affectedBy(pattern, installations, at);
  if (options.json) io.out(JSON.stringify({ affected: found }));
  else {
    for (const { gateway, device, tell } of found) {
      io.out(`device ${device} of gateway ${gateway}: tell ${tell.length === 0 ? 'nobody: no supplier is known' : tell.join(', ')}`);
    }
    io.out(`${found.length} devices`);
  }
  return EXIT.done;
}

const timeOf = async (options: Options): Promise<number> => (await instantOf(options)) ?? Math.floor(Date.now() / 1000);

async function fleet(options: Options) {
  const at = await timeOf(options);
  const { installationsOf } = await import('../compose/installations.ts');
  return { at, installations: await withRegisters(options, (all) => installationsOf(all, at)) };
}
