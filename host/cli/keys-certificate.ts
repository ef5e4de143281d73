/** `keys certificate`: what a certificate file says, and whether its private key belongs to it. */
import { EXIT, type ExitCode, type Io } from './io.ts';
import type { Options, Program } from './program.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys certificate <file>',
    summary: "Shows a certificate file and checks that its private key is the certificate's; the key is not shown.",
    examples: ['hearthgate keys certificate gateway-suite1.cert', 'hearthgate keys certificate gateway-suite2.cert --json'],
    codes: ['Code 0: the parts belong together. Code 1: they do not; the reason is named.'],
    action: show,
  });
}

async function show(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ loadCertificate }, { certificateFields }, { Core }, { loadModule }] = await Promise.all([
    import('../compose/certificates.ts'),
    import('../core/certificate.ts'),
    import('../core/core.ts'),
    import('../compose/gateway.ts'),
  ]);
  const material = await loadCertificate(file);
  const fields = certificateFields(material.certificate);
  const core = await Core.load(await loadModule('core.wasm'));
  const taken = core.cbke.importCertificate(material);
  core.wipe();
  const refused = taken.ok ? undefined : { code: taken.code, detail: taken.detail };
  if (options.json) io.out(JSON.stringify({ ok: taken.ok, ...fields, ...refused }));
  else {
    const { suite, subject, issuer, serial, validFrom, validTo, usage } = fields ?? {};
    io.out(`suite ${suite}, for ${subject}, issued by ${issuer}`);
    if (serial !== undefined)
      io.out(
        `serial ${serial}, for ${usage?.join(' and ')}, from ${day(validFrom)} ${validTo === undefined ? 'for ever' : `to ${day(validTo)}`}`,
      );
    if (refused === undefined) io.out(`${io.paint('good', 'whole')}: the private key is the certificate's under that CA`);
    else io.out(`${io.paint('bad', 'refused')}: ${refused.code}: ${refused.detail}`);
  }
  return taken.ok ? EXIT.done : EXIT.refused;
}

const day = (seconds = 0): string => new Date(seconds * 1000).toISOString();
