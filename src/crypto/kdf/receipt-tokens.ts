import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { REF_BYTES } from '../../common/ids.js';
import { requireLength } from '../bytes.js';
import { UnknownKeyError } from '../crypto.errors.js';
import { KeyringHolder } from '../keyring/keyring.holder.js';
import type { CurrentKeyring } from '../keyring/keyring.js';

// version(1) | kekId(4) | ref(16) | createdAt(6) | expiresAt(6) | mac(16), 49 bytes, base64url without padding
const VERSION = 0x01;
const KEK_ID = 1;
const REF = KEK_ID + 4;
const CREATED_AT = REF + REF_BYTES;
const EXPIRES_AT = CREATED_AT + 6;
const MAC = EXPIRES_AT + 6;
const MAC_BYTES = 16;
const TOKEN_BYTES = MAC + MAC_BYTES;
const TOKEN_FORM = /^[A-Za-z0-9_-]{66}$/;

export interface Receipt {
  /** 16 bytes: the public reference of the secret. The id cannot be derived from it. */
  readonly ref: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly createdAt: number;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Receipts without storage: the sender's token has the reference, and its MAC proves that we issued it. */
@Injectable()
export class ReceiptTokens {
  constructor(@Inject(KeyringHolder) private readonly keys: CurrentKeyring) {}

  /** @returns 66 characters of base64url */
  issue({ ref, createdAt, expiresAt }: Receipt): string {
    requireLength('ref', ref, REF_BYTES);
    const token = Buffer.alloc(TOKEN_BYTES);
    const kekId = this.keys.current.primary.id;
    token[0] = VERSION;
    token.writeUInt32BE(kekId, KEK_ID);
    token.set(ref, REF);
    token.writeUIntBE(createdAt, CREATED_AT, 6);
    token.writeUIntBE(expiresAt, EXPIRES_AT, 6);
    this.macOf(token, kekId).copy(token, MAC);
    return token.toString('base64url');
  }

  /** @returns undefined for a token that this installation did not issue, or whose key is gone */
  verify(token: string): { ref: Buffer; createdAt: number; expiresAt: number } | undefined {
    if (!TOKEN_FORM.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // The last character has four spare bits: only one spelling of a token is accepted.
    const canonical = bytes.toString('base64url') === token;
    if (!canonical || bytes[0] !== VERSION || !this.authentic(bytes)) return undefined;
    return {
      ref: bytes.subarray(REF, CREATED_AT),
      createdAt: bytes.readUIntBE(CREATED_AT, 6),
      expiresAt: bytes.readUIntBE(EXPIRES_AT, 6),
    };
  }

  private authentic(token: Buffer): boolean {
    try {
      return timingSafeEqual(this.macOf(token, token.readUInt32BE(KEK_ID)), token.subarray(MAC));
    } catch (error) {
      if (error instanceof UnknownKeyError) return false;
      throw error;
    }
  }

  private macOf(token: Buffer, kekId: number): Buffer {
    return createHmac('sha256', this.keys.current.receiptKey(kekId))
      .update(token.subarray(0, MAC))
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
