// @signpdf as its README shows it, on files of pdf-lib and PDFKit.
//
//   node produce.mjs create pdf-lib|pdfkit OUT
//   node produce.mjs sign IN OUT PKCS12 PASSPHRASE RECTANGLE
//
// RECTANGLE is "llx lly urx ury", or nothing where the signature is not to be seen. The first signature on a file
// of pdf-lib gets its placeholder from pdf-lib, which writes the file anew; any other one from the plain helper.
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.env.ECERT_NODE_MODULES + '/');
const { SignPdf } = require('@signpdf/signpdf');
const { P12Signer } = require('@signpdf/signer-p12');
const { plainAddPlaceholder } = require('@signpdf/placeholder-plain');
const { pdflibAddPlaceholder } = require('@signpdf/placeholder-pdf-lib');
const { PDFDocument, StandardFonts } = require('pdf-lib');
const PDFKit = require('pdfkit');

const TEXT = 'UBND xa Mau - Quyet dinh 152: so tien 1.000.000 dong';
const BY_PDF_LIB = Buffer.from('pdf-lib', 'utf16le').swap16().toString('hex').toUpperCase(); // in /Producer
const ABOUT = { reason: 'test', contactInfo: 'nobody', name: 'test', location: 'nowhere', signatureLength: 12288 };

async function create(kind, out) {
  if (kind === 'pdf-lib') {
    const document = await PDFDocument.create();
    const page = document.addPage([595, 842]);
    page.drawText(TEXT, { x: 72, y: 720, size: 12, font: await document.embedFont(StandardFonts.Helvetica) });
    fs.writeFileSync(out, await document.save({ useObjectStreams: false }));
    return;
  }
  const document = new PDFKit({ size: 'A4' });
  const written = document.pipe(fs.createWriteStream(out));
  document.fontSize(12).text(TEXT);
  document.end();
  await new Promise((resolve, reject) => written.on('finish', resolve).on('error', reject));
}

async function prepared(bytes, widgetRect) {
  if (bytes.includes('/ByteRange') || !bytes.includes(BY_PDF_LIB)) {
    return plainAddPlaceholder({ pdfBuffer: bytes, widgetRect, ...ABOUT });
  }
  const pdfDoc = await PDFDocument.load(bytes);
  pdflibAddPlaceholder({ pdfDoc, widgetRect, ...ABOUT });
  return Buffer.from(await pdfDoc.save({ useObjectStreams: false }));
}

async function sign(input, out, pkcs12, passphrase, rectangle) {
  const widgetRect = rectangle ? rectangle.split(' ').map(Number) : [0, 0, 0, 0];
  const signer = new P12Signer(fs.readFileSync(pkcs12), { passphrase });
  fs.writeFileSync(out, await new SignPdf().sign(await prepared(fs.readFileSync(input), widgetRect), signer));
}

const [action, ...words] = process.argv.slice(2);
await (action === 'create' ? create(...words) : sign(...words));
