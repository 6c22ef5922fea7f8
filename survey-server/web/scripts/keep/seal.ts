// Sealing what lies on the device: AES-GCM, each text with a nonce of its own and bound to the name under which it lies.

/// A sealed text.
export interface Sealed {
  sealed: Uint8Array<ArrayBuffer>;
  nonce: Uint8Array<ArrayBuffer>;
}

/// Seals a value under a name.
export async function seal(key: CryptoKey, name: string, value: unknown): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt(parameters(name, nonce), key, text);
  return { sealed: new Uint8Array(sealed), nonce };
}

/// Opens what was sealed under a name; `null` where it was sealed with another key, under another name, or has been altered.
export async function unseal<T>(key: CryptoKey, name: string, { sealed, nonce }: Sealed): Promise<T | null> {
  try {
    const text = await crypto.subtle.decrypt(parameters(name, nonce), key, sealed);
    return JSON.parse(new TextDecoder().decode(text)) as T;
  } catch {
    return null;
  }
}

function parameters(name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
}
