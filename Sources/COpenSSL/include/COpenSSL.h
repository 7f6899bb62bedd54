#ifndef POPL_COPENSSL_H
#define POPL_COPENSSL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The door to OpenSSL 3's libcrypto: digests, and the facts of a certificate. Nothing of OpenSSL is in this header.

/// SHA-256 of `count` bytes into 32 bytes of `out`. Thread-safe: the context is the thread's own.
void popl_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull out);

/// SHA-256 piece by piece. The context is the caller's own: not to be used from two threads at once.
void *_Nonnull popl_sha256_begin(void);
void popl_sha256_update(void *_Nonnull context, const void *_Nullable bytes, size_t count);
/// Writes 32 bytes to `out` and begins anew.
void popl_sha256_finish(void *_Nonnull context, uint8_t *_Nonnull out);
void popl_sha256_end(void *_Nonnull context);

/// HMAC-SHA-256 (RFC 2104) of `count` bytes into 32 bytes of `out`. Thread-safe.
void popl_hmac_sha256(const uint8_t *_Nonnull key, size_t key_count, const void *_Nullable bytes, size_t count,
                      uint8_t *_Nonnull out);

/// Whether two stretches are equal, in a time that does not tell where they differ.
bool popl_equal(const void *_Nonnull a, const void *_Nonnull b, size_t count);

#define POPL_CERTIFICATE_SUBJECT_BYTES 1024

/// What an X.509 certificate says (RFC 5280). None of it is proved: no signature, no chain, no purpose is checked.
typedef struct popl_certificate {
    /// The key is one that signatures can be checked with: RSA, RSA-PSS, EC, DSA, Ed25519 or Ed448, and it parses.
    bool usable;
    /// Seconds since 1970; false when a date is none.
    bool hasDates;
    int64_t notBefore;
    int64_t notAfter;
    /// One line, RFC 2253 order and escapes, UTF-8, NUL-terminated, cut off at a whole character.
    char subject[POPL_CERTIFICATE_SUBJECT_BYTES];
    /// Who signed it, by its own word; written like the subject.
    char issuer[POPL_CERTIFICATE_SUBJECT_BYTES];
    /// The DNS names and IP addresses that it is for (subjectAltName), with ", " between them, cut off after a whole one.
    char names[POPL_CERTIFICATE_SUBJECT_BYTES];
    /// `RSA`, `EC`, …; empty when unusable.
    char keyType[16];
    int32_t keyBits;
    uint8_t spkiSHA256[32];
    /// The digest of the certificate's own signature: `SHA256`; empty for those without (Ed25519) and unknown ones.
    char signatureDigest[16];
} popl_certificate;

/// Reads one DER certificate that fills `bytes` to the last one. False when it is none.
bool popl_certificate_read(const void *_Nonnull bytes, size_t count, popl_certificate *_Nonnull out);

#endif
