import { Injectable } from '@nestjs/common';
import { mac, Secrets } from '../secrets';

/** Crockford's base32: no I, L, O, U, so that a code survives being read aloud and typed. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 12 digits of 5 bits: 60 bits. */
const digits = 12;

/**
 * Enrolment codes like `7KQ2-M0XD-93TV`: a MAC over the device and the number of its code, so that a repeated request
 * gets the same code; the schema holds a keyed hash.
 */
@Injectable()
export class EnrolmentCodes {
  constructor(private readonly secrets: Secrets) {}

  make(deviceId: string, number: number): string {
    const bytes = mac(this.secrets.enrolment, 'code', deviceId, number);
    const text = Array.from(bytes.subarray(0, digits), (byte) => alphabet[byte & 31]).join('');
    return text.replace(/(.{4})(?=.)/g, '$1-');
  }

  /** The keyed hash by which a code is found; undefined where the text cannot be a code. */
  hash(code: string): Buffer | undefined {
    const text = code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
    if (text.length !== digits || [...text].some((digit) => !alphabet.includes(digit))) return undefined;
    return mac(this.secrets.enrolment, 'hash', text);
  }
}
