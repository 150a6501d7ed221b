import { toBuffer, toString as toText } from 'qrcode';

/** Modules of white around the code that scanners need (ISO/IEC 18004). */
const quietZone = 4;
const look = {
  errorCorrectionLevel: 'M',
  margin: quietZone,
  color: { dark: '#000000', light: '#ffffff' },
} as const;

/** The QR code as PNG, `scale` pixels a module: 49 modules wide with its quiet zone. */
export function qrPng(payload: string, scale: number): Promise<Buffer> {
  return toBuffer([{ data: payload, mode: 'alphanumeric' }], { ...look, type: 'png', scale });
}

/** The same as SVG, of no fixed size. */
export function qrSvg(payload: string): Promise<string> {
  return toText([{ data: payload, mode: 'alphanumeric' }], { ...look, type: 'svg' });
}
