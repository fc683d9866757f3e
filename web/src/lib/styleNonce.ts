declare global {
  var __webpack_nonce__: string | undefined;
}

/** The nonce of this page's own `<style>` elements: the server's policy lets in no other. Empty where there is no policy. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// Mantine gets it from its provider; the library that locks scrolling looks here.
globalThis.__webpack_nonce__ = styleNonce;
