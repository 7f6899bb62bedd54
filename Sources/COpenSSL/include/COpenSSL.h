#ifndef POPL_COPENSSL_H
#define POPL_COPENSSL_H
#include <stddef.h>
#include <stdint.h>

/// SHA-256 of `count` bytes into 32 bytes of `out`. Thread-safe: the context is the thread's own.
void popl_sha256(const void *_Nullable bytes, size_t count, uint8_t *_Nonnull out);

#endif
