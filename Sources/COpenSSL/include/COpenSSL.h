#ifndef POPL_COPENSSL_H
#define POPL_COPENSSL_H
#include <stddef.h>
#include <stdint.h>

/// SHA-256 of `count` bytes into 32 bytes of `out`. Thread-safe: the context is the thread's own.
void popl_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull out);

/// SHA-256 piece by piece. The context is the caller's own: not to be used from two threads at once.
void *_Nonnull popl_sha256_begin(void);
void popl_sha256_update(void *_Nonnull context, const void *_Nullable bytes, size_t count);
/// Writes 32 bytes to `out` and begins anew.
void popl_sha256_finish(void *_Nonnull context, uint8_t *_Nonnull out);
void popl_sha256_end(void *_Nonnull context);

#endif
